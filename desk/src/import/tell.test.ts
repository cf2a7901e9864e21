import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RowFacts } from './read-row.ts'
import { type Matrix, tellTicket, type ToldTicket } from './tell.ts'

const matrix: Matrix = {
  high: { high: 'P1', medium: 'P2', low: 'P3' },
  medium: { high: 'P2', medium: 'P3', low: 'P4' },
  low: { high: 'P3', medium: 'P4', low: 'P5' },
}
const DAY = 86_400_000
type Given = Partial<Omit<RowFacts, 'instants' | 'texts'>> & {
  at?: number
  created_at?: number | null
  resolved_at?: number | null
  closed_at?: number | null
  acknowledged_at?: number | null
  texts?: Record<string, string>
}
const row = ({
  pending_reason = null,
  at,
  created_at = 0,
  resolved_at,
  closed_at,
  acknowledged_at,
  texts,
  ...rest
}: Given): RowFacts => ({
  pending_reason,
  texts: {
    ...Object.fromEntries(
      [
        'title',
        'description',
        'service',
        'item',
        'category',
        'symptom',
        'location',
        'team',
        'assignee',
        'requester',
        'reporter',
        'resolution_code',
        'reopen_count',
      ].map((name) => [name, null]),
    ),
    ...texts,
  } as RowFacts['texts'],
  kind: null,
  state: null,
  impact: null,
  urgency: null,
  priority: null,
  instants: {
    at: at ?? null,
    created_at,
    acknowledged_at: acknowledged_at ?? null,
    first_response_at: null,
    resolved_at: resolved_at ?? null,
    closed_at: closed_at ?? null,
  },
  outcomes: { response: null, resolution: null },
  comments: [],
  tags: [],
  fields: {},
  ...rest,
})
const updates = (rows: Given[], given: string[] = []) =>
  tellTicket('INC1', rows.map(row), { updates: true, matrix, given: new Set(given) }) as ToldTicket
const single = (given: Given, instants: string[] = ['resolved_at', 'closed_at']) =>
  tellTicket('INC1', [row(given)], { updates: false, matrix, given: new Set(instants) }) as ToldTicket
const story = (ticket: ToldTicket) => ticket.steps.map(({ verb, at, facets }) => [verb, at, facets.state])

describe('a ticket out of its updates', () => {
  it('opens as new, and what its first row says comes with that row', () => {
    const ticket = updates([
      { at: 10, state: { state: 'in_progress' } },
      { at: 20, state: { state: 'resolved' } },
      { at: 30, state: { state: 'in_progress' } },
      { at: 40, state: { state: 'resolved' } },
      { at: 50, state: { state: 'closed' } },
    ])
    expect(story(ticket)).toEqual([
      ['open', 0, 'new'],
      ['start', 10, 'in_progress'],
      ['resolve', 20, 'resolved'],
      ['reopen', 30, 'in_progress'],
      ['resolve', 40, 'resolved'],
      ['close', 50, 'closed'],
    ])
    expect(ticket).toMatchObject({ acknowledgedAt: 10, resolvedAt: 40, closedAt: 50, reopenCount: 1 })
  })

  it('takes the times of the file before those of its moves, also where the file is silent', () => {
    const rows: Given[] = [
      { at: 20, state: { state: 'resolved' }, closed_at: 90 },
      { at: 50, state: { state: 'closed' }, closed_at: 90 },
    ]
    expect(updates(rows, ['resolved_at', 'closed_at'])).toMatchObject({ resolvedAt: null, closedAt: 90 })
  })

  it('keeps the order of the file where an instant goes back', () => {
    expect(
      story(
        updates([
          { at: 30, state: { state: 'in_progress' } },
          { at: 10, state: { state: 'resolved' } },
        ]),
      ),
    ).toEqual([
      ['open', 0, 'new'],
      ['start', 30, 'in_progress'],
      ['resolve', 30, 'resolved'],
    ])
  })

  it('has no end while it is open, whatever its columns say', () => {
    const open = updates(
      [{ at: 5, state: { state: 'in_progress' }, resolved_at: 3, closed_at: 4 }],
      ['resolved_at', 'closed_at'],
    )
    expect(open).toMatchObject({ resolvedAt: null, closedAt: null, outcomes: [] })
  })

  it('keeps an unknown state as it was, and has an outcome only at its end', () => {
    const ticket = updates([
      { at: 5, state: { state: 'in_progress' } },
      { at: 6, state: null },
      { at: 9, state: { state: 'closed' }, outcomes: { response: null, resolution: 'breached' } },
    ])
    expect(story(ticket).map(([verb]) => verb)).toEqual(['open', 'start', 'close'])
    expect(ticket.outcomes).toEqual([{ target: 'resolution', outcome: 'breached', at: 9 }])
  })

  it('never goes back in time, and its last step is what its last row says (300 random logs)', () => {
    const states = ['new', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled'] as const
    const given = fc.record({
      at: fc.integer({ min: -DAY, max: 30 * DAY }),
      state: fc.constantFrom(...states).map((state) => ({ state })),
      texts: fc.record({ team: fc.constantFrom('a', 'b') }),
    })
    fc.assert(
      fc.property(fc.array(given, { minLength: 1, maxLength: 12 }), (rows) => {
        const { steps, reopenCount, createdAt } = updates(rows as Given[])
        for (const [place, step] of steps.entries())
          expect(step.at).toBeGreaterThanOrEqual(steps[place - 1]?.at ?? createdAt)
        expect(steps.at(-1)!.facets).toMatchObject({
          state: rows.at(-1)!.state.state,
          team: rows.at(-1)!.texts.team,
        })
        const ended = (state: string) => ['resolved', 'closed', 'cancelled'].includes(state)
        const path = ['new', ...rows.map(({ state }) => state.state)]
        const reopened = path.filter(
          (state, place) => place > 0 && ended(path[place - 1]!) && !ended(state),
        ).length
        expect(reopenCount).toBe(reopened)
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})

describe('a ticket out of one row', () => {
  it.each<[string, Given, unknown[]]>([
    [
      'closed',
      { state: { state: 'closed' }, resolved_at: 5, closed_at: 9, at: 12 },
      [
        ['open', 0, 'new'],
        ['resolve', 5, 'resolved'],
        ['close', 9, 'closed'],
      ],
    ],
    [
      'closed without a resolution',
      { state: { state: 'closed' }, closed_at: 9 },
      [
        ['open', 0, 'new'],
        ['close', 9, 'closed'],
      ],
    ],
    [
      'resolved',
      { state: { state: 'resolved' }, resolved_at: 5, at: 7 },
      [
        ['open', 0, 'new'],
        ['resolve', 5, 'resolved'],
      ],
    ],
    [
      'pending',
      { state: { state: 'pending', reason: 'vendor' }, at: 7 },
      [
        ['open', 0, 'new'],
        ['pend', 7, 'pending'],
      ],
    ],
    [
      'acknowledged',
      { state: { state: 'in_progress' }, acknowledged_at: 2, at: 7 },
      [
        ['open', 0, 'new'],
        ['start', 2, 'in_progress'],
      ],
    ],
    ['new', { state: { state: 'new' } }, [['open', 0, 'new']]],
    ['without a state', {}, [['open', 0, 'new']]],
  ])('%s', (_name, given, steps) => {
    expect(story(single(given, ['resolved_at', 'closed_at', 'acknowledged_at']))).toEqual(steps)
  })

  it('has the levels of its priority where it has no others', () => {
    expect(single({ priority: 'P2' }).steps[0]!.facets).toMatchObject({
      priority: 'P2',
      impact: 'high',
      urgency: 'medium',
    })
    expect(single({ impact: 'low', urgency: 'low' }).steps[0]!.facets.priority).toBe('P5')
  })

  it('says what is wrong with it', () => {
    const shape = { updates: false, matrix, given: new Set<string>() }
    expect(tellTicket('INC1', [row({ created_at: null })], shape)).toMatchObject({
      field: 'created_at',
      message: 'is missing',
    })
    expect(tellTicket('INC1', [row({}), row({})], shape)).toMatchObject({ message: 'stands on 2 rows' })
  })
})
