import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeskError } from '../activity/index.ts'
import { type Life, LIFECYCLES, type Move, type Need, type TicketState } from './lifecycles.ts'
import { decideMove, isOpen, type Lifecycle, MOVES, OPEN_STATES, STATES } from './state.ts'

const now = new Date('2026-01-05T10:00:00Z')
const before = new Date('2026-01-05T09:00:00Z')
const ticket = (state: TicketState, more: Partial<Lifecycle> = {}): Lifecycle => ({
  life: 'incident',
  state,
  pending_reason: state === 'pending' ? 'vendor' : null,
  acknowledged_at: null,
  resolved_at: state === 'resolved' || state === 'closed' ? before : null,
  closed_at: state === 'closed' ? before : null,
  reopen_count: 0,
  ...more,
})
const EVERYTHING = new Set(
  Object.values(LIFECYCLES)
    .flatMap((moves) => Object.values(moves))
    .flatMap(({ needs }) => needs ?? []),
)
const move = (name: Move) => ({ move: name, reason: 'requester' as const, byPerson: true, has: EVERYTHING })

describe('what of a checklist must be done', () => {
  const steps = Object.entries(LIFECYCLES).flatMap(([life, moves]) =>
    Object.entries(moves).map(([name, rule]) => ({ life: life as Life, name: name as Move, rule })),
  )
  const takes = ({ life, name, rule }: (typeof steps)[number], undone: number, byPerson = true) =>
    decideMove(ticket(rule.from[0]!, { life }), { ...move(name), byPerson, undone }, now)

  it('comes before the work is said to be done, and before nothing else', () => {
    const held = steps.filter((step) => {
      try {
        return takes(step, 2) && false
      } catch (error) {
        expect(error).toMatchObject({
          code: 'invalid',
          message: '2 points of the checklist must be done first.',
          details: { errors: [{ path: 'checklist' }] },
        })
        return true
      }
    })
    expect(held.map(({ life, name }) => `${life} ${name}`)).toEqual([
      'incident resolve',
      'request resolve',
      'problem resolve',
      'standard review',
      'normal review',
      'emergency review',
    ])
    for (const step of held) expect(takes(step, 0)).not.toBeNull()
  })
  it('goes for questions too, which are named', () => {
    for (const step of steps.filter(({ rule }) => rule.finishes)) {
      const { life, name, rule } = step
      const asks = (byPerson: boolean, unanswered: string[]) =>
        decideMove(ticket(rule.from[0]!, { life }), { ...move(name), byPerson, unanswered }, now)
      expect(() => asks(true, ['cause', 'serial'])).toThrow(
        'These questions must be answered first: cause, serial.',
      )
      expect(asks(true, [])).not.toBeNull()
      expect(asks(false, ['cause'])).not.toBeNull()
    }
  })
  it('is not asked of what recovers by itself', () => {
    expect(
      takes(
        steps.find(({ name }) => name === 'resolve')!,
        1,
        false,
      ),
    ).toMatchObject({ state: 'resolved' })
  })
})

// Every state by every move: where it leads, `–` for done already, `x` for not possible. A move that is not listed
// is none of that life.
const COMMON: TicketState[] = ['new', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled']
const INCIDENT: Partial<Record<Move, string[]>> = {
  //            new            in_progress    pending        resolved       closed         cancelled
  acknowledge: ['in_progress', 'in_progress', 'pending', 'x', 'x', 'x'],
  start: ['in_progress', '–', 'in_progress', 'x', 'x', 'x'],
  pend: ['pending', 'pending', 'pending', 'x', 'x', 'x'],
  resume: ['x', '–', 'in_progress', 'x', 'x', 'x'],
  resolve: ['resolved', 'resolved', 'resolved', '–', 'x', 'x'],
  close: ['x', 'x', 'x', 'closed', '–', 'x'],
  reopen: ['x', 'x', 'x', 'in_progress', 'in_progress', 'x'],
  cancel: ['cancelled', 'cancelled', 'cancelled', 'x', 'x', '–'],
  merge: ['closed', 'closed', 'closed', 'closed', 'x', 'x'],
}
const PLANNED: TicketState[] = [
  'new',
  'assess',
  'authorize',
  'scheduled',
  'implement',
  'review',
  'closed',
  'cancelled',
]
const TABLES: Record<Life, { states: TicketState[]; table: Partial<Record<Move, string[]>> }> = {
  incident: { states: COMMON, table: INCIDENT },
  request: { states: COMMON, table: INCIDENT },
  problem: {
    states: [...COMMON, 'fixing'],
    table: {
      acknowledge: [...INCIDENT.acknowledge!, 'fixing'],
      start: [...INCIDENT.start!, 'in_progress'],
      pend: [...INCIDENT.pend!, 'pending'],
      resume: [...INCIDENT.resume!, 'x'],
      fix: ['fixing', 'fixing', 'fixing', 'x', 'x', 'x', '–'],
      resolve: [...INCIDENT.resolve!, 'resolved'],
      close: [...INCIDENT.close!, 'x'],
      reopen: [...INCIDENT.reopen!, 'x'],
      cancel: [...INCIDENT.cancel!, 'cancelled'],
      merge: [...INCIDENT.merge!, 'closed'],
    },
  },
  normal: {
    states: PLANNED,
    table: {
      //         new       assess       authorize    scheduled    implement   review    closed cancelled
      assess: ['assess', '–', 'x', 'x', 'x', 'x', 'x', 'x'],
      authorize: ['x', 'authorize', '–', 'x', 'x', 'x', 'x', 'x'],
      schedule: ['x', 'x', 'scheduled', '–', 'x', 'x', 'x', 'x'],
      implement: ['x', 'x', 'x', 'implement', '–', 'x', 'x', 'x'],
      review: ['x', 'x', 'x', 'x', 'review', '–', 'x', 'x'],
      revise: ['x', '–', 'assess', 'assess', 'x', 'x', 'x', 'x'],
      close: ['x', 'x', 'x', 'x', 'x', 'closed', '–', 'x'],
      cancel: ['cancelled', 'cancelled', 'cancelled', 'cancelled', 'x', 'x', 'x', '–'],
      merge: ['closed', 'closed', 'closed', 'closed', 'x', 'x', 'x', 'x'],
    },
  },
  standard: {
    states: PLANNED,
    table: {
      schedule: ['scheduled', 'x', 'x', '–', 'x', 'x', 'x', 'x'],
      implement: ['x', 'x', 'x', 'implement', '–', 'x', 'x', 'x'],
      review: ['x', 'x', 'x', 'x', 'review', '–', 'x', 'x'],
      revise: ['–', 'x', 'x', 'new', 'x', 'x', 'x', 'x'],
      close: ['x', 'x', 'x', 'x', 'x', 'closed', '–', 'x'],
      cancel: ['cancelled', 'x', 'x', 'cancelled', 'x', 'x', 'x', '–'],
      merge: ['closed', 'x', 'x', 'closed', 'x', 'x', 'x', 'x'],
    },
  },
  emergency: {
    states: PLANNED,
    table: {
      authorize: ['authorize', 'x', '–', 'x', 'x', 'x', 'x', 'x'],
      schedule: ['x', 'x', 'scheduled', '–', 'x', 'x', 'x', 'x'],
      implement: ['x', 'x', 'x', 'implement', '–', 'x', 'x', 'x'],
      review: ['x', 'x', 'x', 'x', 'review', '–', 'x', 'x'],
      revise: ['–', 'x', 'new', 'new', 'x', 'x', 'x', 'x'],
      close: ['x', 'x', 'x', 'x', 'x', 'closed', '–', 'x'],
      cancel: ['cancelled', 'x', 'cancelled', 'cancelled', 'x', 'x', 'x', '–'],
      merge: ['closed', 'x', 'closed', 'closed', 'x', 'x', 'x', 'x'],
    },
  },
}

function outcomeOf(life: Life, state: TicketState, name: Move): string {
  try {
    const change = decideMove(ticket(state, { life }), move(name), now)
    return change ? { ...ticket(state), ...change }.state : '–'
  } catch (error) {
    return error instanceof DeskError && error.code === 'conflict' ? 'x' : 'broken'
  }
}

describe('the life of a ticket', () => {
  for (const [life, { states, table }] of Object.entries(TABLES) as [Life, (typeof TABLES)[Life]][])
    for (const name of MOVES)
      it(`${life}: ${name}`, () => {
        const outcomes = STATES.map((state) => [state, outcomeOf(life, state, name)])
        const said = STATES.map((state) => [state, table[name]?.[states.indexOf(state)] ?? 'x'])
        expect(outcomes).toEqual(said)
      })

  it('ends in three states, and is open in every other', () => {
    expect(STATES.filter((state) => !isOpen(state))).toEqual(['resolved', 'closed', 'cancelled'])
    expect(OPEN_STATES).toHaveLength(STATES.length - 3)
  })

  it.each<[Life, TicketState, Move, Need[]]>([
    ['problem', 'in_progress', 'fix', ['problem.root_cause']],
    ['problem', 'fixing', 'resolve', ['problem.root_cause']],
    ['request', 'in_progress', 'resolve', ['approval']],
    ['normal', 'authorize', 'schedule', ['approval']],
    ['emergency', 'review', 'close', ['outcome', 'approval']],
    ['standard', 'review', 'close', ['outcome']],
    ['standard', 'new', 'schedule', ['change.risk', 'change.planned_end']],
    ['normal', 'assess', 'authorize', ['service_id', 'change.implementation_plan', 'change.backout_plan']],
  ])('%s, %s: %s names what is missing', (life, state, name, missing) => {
    const has = new Set([...EVERYTHING].filter((need) => !missing.includes(need)))
    const asked = () => decideMove(ticket(state, { life }), { ...move(name), has }, now)
    expect(asked).toThrow(DeskError)
    try {
      asked()
    } catch (error) {
      expect((error as DeskError).code).toBe('invalid')
      expect((error as DeskError).details.errors!.map(({ path }) => path)).toEqual(missing)
    }
  })

  it('an emergency is scheduled before it is approved, a normal change is not', () => {
    const has = new Set([...EVERYTHING].filter((need) => need !== 'approval'))
    const asked = { ...move('schedule'), has }
    expect(decideMove(ticket('authorize', { life: 'emergency' }), asked, now)).toMatchObject({
      state: 'scheduled',
    })
    expect(() => decideMove(ticket('authorize', { life: 'normal' }), asked, now)).toThrow(DeskError)
  })

  it('counts the first acknowledgement by a person only', () => {
    expect(decideMove(ticket('new'), { move: 'acknowledge', byPerson: false }, now)).toBeNull()
    expect(decideMove(ticket('new'), move('acknowledge'), now)).toEqual({
      state: 'in_progress',
      acknowledged_at: now,
    })
    expect(
      decideMove(ticket('in_progress', { acknowledged_at: before }), move('acknowledge'), now),
    ).toBeNull()
  })

  it('wants a reason for waiting, and may change it', () => {
    expect(() => decideMove(ticket('new'), { move: 'pend', byPerson: true }, now)).toThrow(/waits for/)
    expect(decideMove(ticket('pending'), move('pend'), now)).toEqual({
      state: 'pending',
      pending_reason: 'requester',
    })
  })

  it('forgets the end when it is reopened, and counts it', () => {
    expect(decideMove(ticket('closed', { reopen_count: 1 }), move('reopen'), now)).toEqual({
      state: 'in_progress',
      resolved_at: null,
      closed_at: null,
      reopen_count: 2,
    })
  })
})

// The same lives as a list of steps, walked one after another: slow, and written apart from the tables.
const STEPS = `
  problem   new>in_progress>pending>in_progress>fixing>pending  new>fixing new>pending>fixing fixing>in_progress
  problem   in_progress>resolved>closed fixing>resolved new>resolved pending>resolved
  problem   resolved>in_progress closed>in_progress
  problem   new>cancelled in_progress>cancelled pending>cancelled fixing>cancelled
  incident  new>in_progress>pending>in_progress>resolved>closed>in_progress new>pending>resolved>in_progress new>resolved
  incident  new>cancelled in_progress>cancelled pending>cancelled
  normal    new>assess>authorize>scheduled>implement>review>closed scheduled>assess authorize>assess
  normal    new>cancelled assess>cancelled authorize>cancelled scheduled>cancelled
  standard  new>scheduled>implement>review>closed scheduled>new new>cancelled scheduled>cancelled
  emergency new>authorize>scheduled>implement>review>closed scheduled>new authorize>new
  emergency new>cancelled authorize>cancelled scheduled>cancelled
  incident new>closed in_progress>closed pending>closed
  problem new>closed in_progress>closed pending>closed fixing>closed
  normal new>closed assess>closed authorize>closed scheduled>closed
  standard new>closed scheduled>closed
  emergency new>closed authorize>closed scheduled>closed
`
const leads = (life: Life, from: TicketState, to: TicketState): boolean =>
  STEPS.split('\n').some((line) => {
    const [whose, ...walks] = line.trim().split(/\s+/)
    if (whose !== (life === 'request' ? 'incident' : life)) return false
    return walks.some((walk) => {
      const states = walk.split('>')
      return states.some((state, place) => state === from && states[place + 1] === to)
    })
  })

describe('any sequence of moves', () => {
  it('only ever takes a step that the lives know, with what it needs, and keeps its marks true', () => {
    const needs = fc.uniqueArray(fc.constantFrom(...EVERYTHING))
    const moves = fc.array(fc.record({ name: fc.constantFrom(...MOVES), has: needs }), { maxLength: 40 })
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(LIFECYCLES) as Life[])), moves, (life, asked) => {
        let at = ticket('new', { life })
        let ends = 0
        for (const { name, has } of asked) {
          let change: Partial<Lifecycle> | null = null
          try {
            change = decideMove(at, { ...move(name), has: new Set(has) }, now)
          } catch (error) {
            expect(error).toBeInstanceOf(DeskError)
            continue
          }
          if (!change) continue
          const next = { ...at, ...change }
          if (next.state !== at.state) {
            expect(leads(life, at.state, next.state)).toBe(true)
            seen.add(`${life} ${at.state}>${next.state}`)
            for (const need of LIFECYCLES[life][name]!.needs ?? [])
              if (need !== 'reason') expect(has).toContain(need)
          }
          if (at.state !== 'resolved' && next.state === 'resolved') ends++
          if (name === 'merge' && isOpen(at.state)) ends++
          if (name === 'reopen') expect(next.reopen_count).toBe(at.reopen_count + 1)
          expect(next.pending_reason !== null).toBe(next.state === 'pending')
          expect(next.closed_at !== null).toBe(next.state === 'closed' || next.state === 'cancelled')
          if (isOpen(next.state)) expect(next.resolved_at).toBeNull()
          at = next
        }
        expect(at.reopen_count).toBeLessThanOrEqual(ends)
      }),
      { numRuns: 3_000, seed: 7 },
    )
    // The walk went through most of each life: a property over nothing would hold as well.
    expect(seen.size).toBeGreaterThan(45)
  })
})
