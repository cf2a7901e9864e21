import { describe, expect, it } from 'vitest'
import { batchSize } from './batch-size.ts'

describe('how much an integration is given at once', () => {
  it('grows while full batches are quick, shrinks while they are slow, within bounds', () => {
    const size = batchSize()
    expect(size.next('a')).toBe(10_000)
    size.took('a', 9_500, 300)
    size.took('a', 20_000, 300)
    expect(size.next('a')).toBe(20_000)
    size.took('a', 20_000, 700)
    expect(size.next('a')).toBe(20_000)
    for (let n = 0; n < 9; n++) size.took('a', 1_000, 3_000)
    expect(size.next('a')).toBe(1_250)
    expect(size.next('b')).toBe(10_000)
  })

  it('stays as it is while little waits, and is the usual one again afterwards', () => {
    const size = batchSize()
    size.took('a', 4_000, 100)
    expect(size.next('a')).toBe(10_000)
    size.took('a', 10_000, 2_000)
    expect(size.next('a')).toBe(5_000)
    size.took('a', 20, 5)
    expect(size.next('a')).toBe(10_000)
  })
})
