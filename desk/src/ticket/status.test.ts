import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeskError } from '../activity/index.ts'
import { type Life, LIFECYCLES, type Need, type TicketKind, type TicketState } from './lifecycles.ts'
import { decideMove, type Lifecycle, MOVES, PENDING_REASONS, type PendingReason, STATES } from './state.ts'
import { decideStatus, reasonWith, statesOf, type Status } from './status.ts'

const now = new Date('2026-01-05T10:00:00Z')
const status = (id: string, state: TicketState, more: Partial<Status> = {}): Status => ({
  id,
  kind: 'incident',
  state,
  pending_reason: null,
  archived_at: null,
  ...more,
})
const WATCHED = status('watched', 'in_progress')
const REPRODUCED = status('reproduced', 'in_progress')
const PARTS = status('parts', 'pending', { pending_reason: 'vendor' })
const QUEUED = status('queued', 'pending')

const place = (state: TicketState, pending_reason: PendingReason | null = null) => ({
  kind: 'incident' as const,
  state,
  pending_reason,
})

describe('the status of a ticket', () => {
  const old = { ...REPRODUCED, archived_at: now }
  const theirs = { ...REPRODUCED, kind: 'request' as const }
  // What it had, where it was, where it is now, what was asked; what it has then.
  it.each<[string, Status | null, TicketState, ReturnType<typeof place>, Status | null | undefined, unknown]>(
    [
      ['stays with the state', WATCHED, 'in_progress', place('in_progress'), undefined, 'watched'],
      ['is left with it', WATCHED, 'in_progress', place('pending', 'vendor'), undefined, null],
      ['does not come back with it', null, 'pending', place('in_progress'), undefined, null],
      ['stays with its reason', PARTS, 'pending', place('pending', 'vendor'), undefined, 'parts'],
      ['is left with its reason', PARTS, 'pending', place('pending', 'requester'), undefined, null],
      ['stays where it names none', QUEUED, 'pending', place('pending', 'requester'), undefined, 'queued'],
      ['is taken away', WATCHED, 'in_progress', place('in_progress'), null, null],
      ['is another of the state', WATCHED, 'in_progress', place('in_progress'), REPRODUCED, 'reproduced'],
      ['comes with a step', null, 'new', place('pending', 'vendor'), PARTS, 'parts'],
      ['is none of another state', null, 'new', place('new'), PARTS, 'conflict'],
      ['is none of where it was', WATCHED, 'in_progress', place('resolved'), REPRODUCED, 'conflict'],
      ['is none of another kind', null, 'new', place('in_progress'), theirs, 'invalid'],
      ['is none that is archived', null, 'new', place('in_progress'), old, 'invalid'],
      ['is kept when archived', old, 'in_progress', place('in_progress'), old, 'reproduced'],
    ],
  )('%s', (_what, had, was, at, asked, then) => {
    let outcome: unknown
    try {
      outcome = decideStatus({ state: was, status: had }, at, asked)?.id ?? null
    } catch (error) {
      outcome = (error as DeskError).code
    }
    expect(outcome).toBe(then)
  })

  it('says what is waited for, and is not talked out of it', () => {
    expect(reasonWith(PARTS)).toBe('vendor')
    expect(reasonWith(PARTS, 'vendor')).toBe('vendor')
    expect(reasonWith(QUEUED, 'requester')).toBe('requester')
    expect(reasonWith(undefined)).toBeUndefined()
    expect(() => reasonWith(PARTS, 'requester')).toThrow(DeskError)
  })

  it('belongs to a state that tickets of its kind come to', () => {
    expect([...statesOf('incident')]).toEqual(expect.arrayContaining(['new', 'pending', 'resolved']))
    expect(statesOf('incident').has('fixing')).toBe(false)
    expect(statesOf('problem').has('fixing')).toBe(true)
    expect(statesOf('change').has('assess')).toBe(true)
    expect(statesOf('change').has('resolved')).toBe(false)
  })
})

const kindOf = (life: Life): TicketKind =>
  life === 'incident' || life === 'request' || life === 'problem' ? life : 'change'
const EVERYTHING = new Set(
  Object.values(LIFECYCLES)
    .flatMap((moves) => Object.values(moves))
    .flatMap(({ needs }) => needs ?? []),
) as Set<Need>

describe('any sequence of moves and statuses', () => {
  it('never leaves a status that contradicts the state, and never takes a step that the life forbids', () => {
    const named = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom<TicketKind>('incident', 'request', 'problem', 'change'),
      state: fc.constantFrom(...STATES),
      reason: fc.option(fc.constantFrom(...PENDING_REASONS)),
      archived: fc.boolean(),
    })
    const asked = fc.array(
      fc.record({
        move: fc.option(fc.constantFrom(...MOVES)),
        reason: fc.option(fc.constantFrom(...PENDING_REASONS), { nil: undefined }),
        wanted: fc.option(named, { nil: undefined }),
        // Half of the time one that could fit: else nearly all would be refused.
        fits: fc.boolean(),
      }),
      { maxLength: 30 },
    )
    let held = 0
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(LIFECYCLES) as Life[])), asked, (life, steps) => {
        let at: Lifecycle & { status: Status | null } = {
          life,
          state: 'new',
          pending_reason: null,
          acknowledged_at: null,
          resolved_at: null,
          closed_at: null,
          reopen_count: 0,
          status: null,
        }
        for (const { move, reason, wanted, fits } of steps) {
          const leads = move && LIFECYCLES[life][move]?.to
          const state = fits ? (leads && leads !== 'same' ? leads : at.state) : wanted?.state
          const named = wanted && {
            id: wanted.id,
            kind: fits ? kindOf(life) : wanted.kind,
            state: state!,
            pending_reason: state === 'pending' ? wanted.reason : null,
            archived_at: wanted.archived ? now : null,
          }
          const plain = (): Partial<Lifecycle> | null =>
            move
              ? decideMove(
                  at,
                  { move, reason: reasonWith(named, reason), byPerson: true, has: EVERYTHING },
                  now,
                )
              : {}
          try {
            const set = plain() ?? {}
            const next = { ...at, ...set, kind: kindOf(life) }
            if (!move && at.state === 'pending') next.pending_reason = reasonWith(named) ?? at.pending_reason
            const status = decideStatus(at, next, named)
            // The step is the one that the same move without a status would have been.
            if (move)
              expect(next.state).toBe(
                { ...at, ...decideMove(at, { move, reason: 'other', byPerson: true, has: EVERYTHING }, now) }
                  .state,
              )
            at = { ...next, status }
          } catch (error) {
            expect(error).toBeInstanceOf(DeskError)
          }
          if (!at.status) continue
          held++
          expect(at.status.state).toBe(at.state)
          expect(at.status.kind).toBe(kindOf(life))
          if (at.status.pending_reason) expect(at.pending_reason).toBe(at.status.pending_reason)
        }
      }),
      { numRuns: 2_000, seed: 11 },
    )
    expect(held).toBeGreaterThan(2_000)
  })
})
