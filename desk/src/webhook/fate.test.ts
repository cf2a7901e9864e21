import { describe, expect, it } from 'vitest'
import { decideFate, MOST_ATTEMPTS, MOST_GIVEN_UP } from './fate.ts'

const answered = (status: number, againInMs?: number) => ({ status, answer: '', againInMs })
const silent = (reason: 'timeout' | 'unreachable' | 'blocked' | 'address') => ({ status: null, reason })
const first = { attempt: 1, givenUp: 0 }

describe('what becomes of a message', () => {
  it.each([
    [answered(200), { kind: 'delivered' }],
    [answered(204), { kind: 'delivered' }],
    [answered(302), { kind: 'failed', reason: 'status-302', stop: false }],
    [answered(400), { kind: 'failed', reason: 'status-400', stop: false }],
    [answered(410), { kind: 'failed', reason: 'status-410', stop: true }],
    [answered(429), { kind: 'again', waitMs: 5_000, reason: 'status-429', hold: false }],
    [answered(503), { kind: 'again', waitMs: 5_000, reason: 'status-503', hold: false }],
    [answered(429, 60_000), { kind: 'again', waitMs: 60_000, reason: 'status-429', hold: true }],
    [answered(503, 1_000), { kind: 'again', waitMs: 5_000, reason: 'status-503', hold: true }],
    [answered(503, 0), { kind: 'again', waitMs: 5_000, reason: 'status-503', hold: false }],
    [answered(429, 1e15), { kind: 'again', waitMs: 8 * 3_600_000, reason: 'status-429', hold: true }],
    [answered(302, 60_000), { kind: 'failed', reason: 'status-302', stop: false }],
    [silent('timeout'), { kind: 'again', waitMs: 5_000, reason: 'timeout', hold: false }],
    [silent('unreachable'), { kind: 'again', waitMs: 5_000, reason: 'unreachable', hold: false }],
    [silent('blocked'), { kind: 'failed', reason: 'blocked', stop: false }],
    [silent('address'), { kind: 'failed', reason: 'address', stop: false }],
  ])('%j: %j', (reached, fate) => expect(decideFate(reached, first, 0.5)).toEqual(fate))

  it('is tried for about a day, ever more slowly, and then given up', () => {
    let hours = 0
    let before = 0
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
      const fate = decideFate(answered(500), { attempt, givenUp: 0 }, 0.5)
      if (fate.kind !== 'again') throw new Error(`given up after ${attempt}`)
      expect(fate.waitMs).toBeGreaterThanOrEqual(before)
      before = fate.waitMs
      hours += fate.waitMs / 3_600_000
    }
    expect(hours).toBeGreaterThan(20)
    expect(hours).toBeLessThan(30)
    expect(decideFate(answered(500), { attempt: MOST_ATTEMPTS, givenUp: 0 })).toMatchObject({
      kind: 'failed',
    })
  })

  it('waits a little by chance, so that what failed together does not come back together', () => {
    const [least, most] = [0, 1].map((chance) => decideFate(answered(500), first, chance))
    expect([least, most]).toMatchObject([{ waitMs: 4_500 }, { waitMs: 5_500 }])
  })

  it('stops the webhook once nothing arrives any more', () => {
    const givenUp = (count: number) => decideFate(answered(404), { attempt: 1, givenUp: count })
    expect(givenUp(MOST_GIVEN_UP - 2)).toMatchObject({ stop: false })
    expect(givenUp(MOST_GIVEN_UP - 1)).toMatchObject({ stop: true })
  })
})
