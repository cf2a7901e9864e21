import { describe, expect, it } from 'vitest'
import { nextTurn, pace, type Told } from './pace.ts'

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22) + seconds * 1000)
const told = (
  last: number | null,
  about: Record<string, number> = {},
  early: number | null = null,
): Told => ({
  at: last === null ? null : at(last),
  earlyAt: early === null ? null : at(early),
  about: new Map(Object.entries(about).map(([name, seconds]) => [name, at(seconds)])),
})

it.each<[string, Told, string, number, { at: number; early: boolean }]>([
  ['the first word goes at once', told(null), 'shop', 0, { at: 0, early: false }],
  ['a clock set back holds nobody up', told(3_600, { shop: 3_600 }), 'shop', 0, { at: 0, early: false }],
  ['more of the same waits for its minute', told(0, { shop: 0 }), 'shop', 10, { at: 60, early: false }],
  ['and goes when that is over', told(0, { shop: 0 }), 'shop', 61, { at: 61, early: false }],
  ['a second service goes at once', told(0, { shop: 0 }), 'mail', 1, { at: 1, early: true }],
  ['a third waits 25 s for the second', told(1, { shop: 0, mail: 1 }, 1), 'wifi', 2, { at: 26, early: true }],
  ['never longer than its minute', told(0, { shop: 0 }, 40), 'wifi', 50, { at: 60, early: false }],
  [
    'what was told ten minutes ago is new again',
    told(590, { shop: 590, mail: 0 }),
    'mail',
    601,
    { at: 601, early: true },
  ],
])('%s', (_name, given, about, now, { at: due, early }) => {
  expect(nextTurn(given, about, at(now))).toEqual({ at: at(due), early })
})

describe('what is due over one contact method', () => {
  const page = (id: number, about: string) => ({ id, about })

  it('waits together for the first of them that may go', () => {
    const due = [page(1, 'shop'), page(2, 'wifi')]
    const paced = pace(due, told(1, { shop: 0, mail: 1 }, 1), at(2), 100)
    expect(paced).toMatchObject({ leaves: [], waits: due, until: at(26) })
  })

  it('leaves as one message, led by what is new', () => {
    const due = [page(1, 'shop'), page(2, 'shop'), page(3, 'mail')]
    const { leaves, early } = pace(due, told(0, { shop: 0 }), at(5), 100)
    expect({ leaves: leaves.map(({ id }) => id), early }).toEqual({ leaves: [3, 1, 2], early: true })
  })

  it('beyond what one message holds waits a minute, and nothing is lost', () => {
    const due = Array.from({ length: 5 }, (_, id) => page(id, 'shop'))
    const { leaves, waits, until } = pace(due, told(null), at(0), 3)
    expect([leaves.length, waits.length, until]).toEqual([3, 2, at(60)])
  })

  it('is at most one message in any minute of a storm of one service, and never longer than a minute late', () => {
    let now = told(null)
    let waiting: { about: string; since: number }[] = []
    const sent: number[] = []
    for (let second = 0; second < 600; second++) {
      waiting.push({ about: 'shop', since: second })
      const { leaves } = pace(waiting, now, at(second), 1_000)
      if (leaves.length === 0) continue
      expect(Math.max(...leaves.map(({ since }) => second - since))).toBeLessThanOrEqual(60)
      sent.push(second)
      waiting = []
      now = { at: at(second), earlyAt: null, about: new Map([['shop', at(second)]]) }
    }
    expect(sent).toEqual(Array.from({ length: 10 }, (_, minute) => minute * 60))
  })
})
