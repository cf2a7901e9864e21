import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  type Candidate,
  chooseAssignee,
  decideHandBack,
  handOut,
  nextChange,
  type Terms,
  type Waiting,
} from './choose.ts'
import { joined } from './shifts.ts'

const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 10, 30, hour, minute))
const now = at(12)
const shift = { from: at(8), to: at(18) }
const someone = (id: string, over: Partial<Candidate> = {}): Candidate => ({
  id,
  exempt: false,
  cap: null,
  skills: {},
  away: null,
  shift,
  shiftEnded: null,
  open: 0,
  load: 0,
  ...over,
})
const ticket = (over: Partial<Waiting> = {}): Waiting => ({ id: 't', needs: {}, weight: 3, ...over })
const inTurn: Terms = { mode: 'round_robin', cap: null, last: null }
const byLoad: Terms = { mode: 'least_loaded', cap: null, last: null }
const [ann, bob, eve] = [someone('a'), someone('b'), someone('c')] as [Candidate, Candidate, Candidate]

describe('who gets a ticket', () => {
  it.each<[string, Terms, Candidate[], Waiting, string | null]>([
    ['nobody is there', inTurn, [], ticket(), null],
    ['the first, at the beginning', inTurn, [bob, ann, eve], ticket(), 'a'],
    ['the next after the last', { ...inTurn, last: 'a' }, [ann, bob, eve], ticket(), 'b'],
    ['the first again after the end', { ...inTurn, last: 'c' }, [ann, bob, eve], ticket(), 'a'],
    ['the next, though the last has left', { ...inTurn, last: 'aa' }, [ann, bob, eve], ticket(), 'b'],
    ['alone, again and again', { ...inTurn, last: 'a' }, [ann], ticket(), 'a'],
    ['not who is exempt', inTurn, [someone('a', { exempt: true }), bob], ticket(), 'b'],
    ['not who is away', inTurn, [someone('a', { away: { from: at(9), to: at(13) } }), bob], ticket(), 'b'],
    [
      'who comes back this instant',
      inTurn,
      [someone('a', { away: { from: at(9), to: now } })],
      ticket(),
      'a',
    ],
    ['who goes away later', inTurn, [someone('a', { away: { from: at(13), to: at(14) } })], ticket(), 'a'],
    ['not who works later', inTurn, [someone('a', { shift: { from: at(13), to: at(14) } })], ticket(), null],
    ['not whose day ends now', inTurn, [someone('a', { shift: { from: at(8), to: now } })], ticket(), null],
    ['not who never works', inTurn, [someone('a', { shift: null })], ticket(), null],
    ['not who is full by the team', { ...inTurn, cap: 2 }, [someone('a', { open: 2 }), bob], ticket(), 'b'],
    ['whose own cap is higher', { ...inTurn, cap: 2 }, [someone('a', { open: 2, cap: 3 })], ticket(), 'a'],
    [
      'not whose own cap is lower',
      { ...inTurn, cap: 2 },
      [someone('a', { open: 1, cap: 1 })],
      ticket(),
      null,
    ],
    ['not who cannot', inTurn, [ann, someone('b', { skills: { x: 2 } })], ticket({ needs: { x: 2 } }), 'b'],
    [
      'not who can too little',
      inTurn,
      [someone('a', { skills: { x: 1 } })],
      ticket({ needs: { x: 2 } }),
      null,
    ],
    [
      'not who can one of two',
      inTurn,
      [someone('a', { skills: { x: 5 } })],
      ticket({ needs: { x: 1, y: 1 } }),
      null,
    ],
    [
      'whose work weighs least',
      byLoad,
      [someone('a', { load: 4 }), someone('b', { load: 3 })],
      ticket(),
      'b',
    ],
    ['of equals the next', { ...byLoad, last: 'a' }, [ann, bob, eve], ticket(), 'b'],
    [
      'the least loaded that can',
      byLoad,
      [someone('a', { exempt: true }), someone('b', { load: 9 })],
      ticket(),
      'b',
    ],
  ])('%s', (_, terms, candidates, asked, person) => {
    expect(chooseAssignee(terms, candidates, asked, now).person).toBe(person)
  })

  it('is explained: how many could, and why each other could not', () => {
    const away = { from: at(9), to: at(15) }
    const { why } = chooseAssignee(
      { ...byLoad, cap: 5 },
      [
        someone('a', { exempt: true }),
        someone('b', { away }),
        someone('c', { shift: { from: at(22), to: at(23) } }),
        someone('d', { open: 5 }),
        someone('e', { load: 7 }),
        someone('f', { skills: { x: 1 } }),
        someone('g', { skills: { x: 3 }, load: 8 }),
      ],
      ticket({ needs: { x: 2 } }),
      now,
    )
    expect(why).toEqual({
      mode: 'least_loaded',
      among: 1,
      load: 8,
      others: [],
      refused: [
        { person: 'a', code: 'exempt' },
        ...['b', 'c', 'd', 'e'].map((person) => ({ person, code: 'skill', skill: 'x', needs: 2, has: 0 })),
        { person: 'f', code: 'skill', skill: 'x', needs: 2, has: 1 },
      ],
    })
    const three = [someone('a', { load: 9 }), someone('b', { load: 2 }), someone('c', { load: 4 })]
    expect(chooseAssignee({ ...byLoad, last: 'b' }, three, ticket(), now).why.others).toEqual([
      { person: 'c', load: 4 },
      { person: 'a', load: 9 },
    ])
    const away2 = chooseAssignee(
      { ...inTurn, cap: 5 },
      [someone('b', { away }), someone('d', { open: 5 })],
      ticket(),
      now,
    )
    expect(away2.why.refused).toEqual([
      { person: 'b', code: 'away', until: at(15) },
      { person: 'd', code: 'full', open: 5, cap: 5 },
    ])
  })
})

describe('absences and shifts', () => {
  const stretch = (from: number, to: number) => ({ from: at(from), to: at(to) })
  it('that overlap or follow on each other are one', () => {
    const given = [stretch(1, 4), stretch(2, 3), stretch(4, 6), stretch(5, 9), stretch(10, 11)]
    expect(joined(given)).toEqual([stretch(1, 9), stretch(10, 11)])
    expect(joined([])).toEqual([])
  })
})

describe('against a slow oracle', () => {
  const stretch = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 10 }))
    .map(([from, hours]) => ({ from: at(from), to: at(from + hours) }))
  const candidate = fc.record({
    exempt: fc.boolean(),
    cap: fc.option(fc.integer({ min: 1, max: 4 })),
    skills: fc.dictionary(fc.constantFrom('x', 'y'), fc.integer({ min: 1, max: 5 })),
    away: fc.option(stretch),
    shift: fc.option(stretch, { freq: 5 }),
    shiftEnded: fc.constant(null),
    open: fc.integer({ min: 0, max: 4 }),
    load: fc.integer({ min: 0, max: 9 }),
  })
  const people = fc
    .array(candidate, { maxLength: 6 })
    .map((all) => all.map((one, n): Candidate => ({ ...one, id: `p${n}` })))
  const terms = fc.record({
    mode: fc.constantFrom('round_robin' as const, 'least_loaded' as const),
    cap: fc.option(fc.integer({ min: 1, max: 4 })),
    last: fc.option(fc.constantFrom('p0', 'p1', 'p3', 'p5', 'zz')),
  })
  const asked = fc.record({
    id: fc.constant('t'),
    needs: fc.dictionary(fc.constantFrom('x', 'y'), fc.integer({ min: 1, max: 5 }), { maxKeys: 1 }),
    weight: fc.integer({ min: 1, max: 5 }),
  })

  /** Walks the ring hand by hand, asking everything of everybody. */
  function oracle(given: Terms, all: Candidate[], wanted: Waiting): string | null {
    const able = all.filter((one) => {
      const within = (span: { from: Date; to: Date } | null) =>
        span !== null && +now >= +span.from && +now < +span.to
      const skilled = ['x', 'y'].every((skill) => (one.skills[skill] ?? 0) >= (wanted.needs[skill] ?? 0))
      const room = one.open < (one.cap ?? given.cap ?? Infinity)
      return !one.exempt && skilled && room && within(one.shift) && !within(one.away)
    })
    const after = able.filter(({ id }) => given.last !== null && id > given.last)
    const before = able.filter(({ id }) => given.last === null || id <= given.last)
    const turn = [...after, ...before]
    if (given.mode === 'round_robin') return turn[0]?.id ?? null
    const least = Math.min(...turn.map(({ load }) => load))
    return turn.find(({ load }) => load === least)?.id ?? null
  }

  test('the choice is the same', () => {
    fc.assert(
      fc.property(terms, people, asked, (given, all, wanted) => {
        expect(chooseAssignee(given, all, wanted, now).person).toBe(oracle(given, all, wanted))
      }),
      { numRuns: 2_000 },
    )
  })

  test('many at once are as one after the other, and nobody gets more than their cap', () => {
    fc.assert(
      fc.property(terms, people, fc.array(asked, { maxLength: 12 }), (given, all, wanted) => {
        const { choices } = handOut(given, all, wanted, now)
        const held = all.map((one) => ({ ...one }))
        let last: string | null = given.last
        for (const [n, { person }] of choices.entries()) {
          expect(person).toBe(oracle({ ...given, last }, held, wanted[n]!))
          const one = held.find(({ id }) => id === person)
          if (!one) continue
          one.open += 1
          one.load += wanted[n]!.weight
          last = one.id
          expect(one.open).toBeLessThanOrEqual(one.cap ?? given.cap ?? Infinity)
        }
      }),
    )
  })

  test('round-robin is fair: of people who can all have it, nobody is two ahead of another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 40 }), (count, tickets) => {
        const all = Array.from({ length: count }, (_, n) => someone(`p${n}`))
        const { choices } = handOut(inTurn, all, Array(tickets).fill(ticket()), now)
        const got = all.map(({ id }) => choices.filter(({ person }) => person === id).length)
        expect(Math.max(...got) - Math.min(...got)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('a ticket goes back', () => {
  const off = { shift: { from: at(32), to: at(42) }, shiftEnded: at(11) }
  it.each<[string, Partial<Candidate>, Date, string | null]>([
    ['not while its assignee works', {}, at(9), null],
    ['when their day has ended', off, at(10), 'shift_ended'],
    ['not where it was given to them afterwards', off, at(11, 30), null],
    ['not where their day has never begun', { shift: null }, at(9), null],
    ['when they went away', { away: { from: at(11), to: at(20) } }, at(10), 'away'],
    ['not where it was given to them while away', { away: { from: at(11), to: at(20) } }, at(11), null],
    ['not before they go', { away: { from: at(13), to: at(20) } }, at(10), null],
  ])('%s', (_, over, assignedAt, code) => {
    expect(decideHandBack(someone('a', over), assignedAt, now)?.code ?? null).toBe(code)
  })
})

test('the next look is when somebody comes, goes or is back', () => {
  const away = { from: at(9), to: at(13) }
  expect(nextChange([someone('a', { away }), someone('b')], now)).toEqual(at(13))
  expect(nextChange([someone('b')], now)).toEqual(at(18))
  expect(nextChange([someone('b', { shift: null })], now)).toBeNull()
})
