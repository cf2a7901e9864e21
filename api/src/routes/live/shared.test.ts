import { expect, test } from 'vitest'
import { shared } from './shared.ts'

test('many who ask at once share one reading, which began after they asked', async () => {
  const ask = shared<number>(40)
  let reads = 0
  const read = () => Promise.resolve(++reads)
  expect(await ask('a', read)).toBe(1)
  const asked = await Promise.all([ask('a', read), ask('a', read), ask('a', read)])
  expect(asked).toEqual([2, 2, 2])
  expect(await ask('b', read)).toBe(3)
})

test('a reading that failed is not shared with whoever asks later', async () => {
  const ask = shared<number>(1)
  await expect(ask('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await ask('a', () => Promise.resolve(1))).toBe(1)
})
