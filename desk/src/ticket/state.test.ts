import { describe, expect, it } from 'vitest'
import { DeskError } from '../activity/index.ts'
import { decideMove, type Lifecycle, type Move, MOVES, STATES, type TicketState } from './state.ts'

const now = new Date('2026-01-05T10:00:00Z')
const before = new Date('2026-01-05T09:00:00Z')
const ticket = (state: TicketState, more: Partial<Lifecycle> = {}): Lifecycle => ({
  state,
  pending_reason: state === 'pending' ? 'vendor' : null,
  acknowledged_at: null,
  resolved_at: state === 'resolved' || state === 'closed' ? before : null,
  closed_at: state === 'closed' ? before : null,
  reopen_count: 0,
  ...more,
})
const move = (name: Move) => ({ move: name, reason: 'requester' as const, byPerson: true })

// Every state by every move: where it leads, `–` for done already, `x` for not possible.
const TABLE: Record<Move, string[]> = {
  //            new            in_progress    pending        resolved       closed         cancelled
  acknowledge: ['in_progress', 'in_progress', 'pending', 'x', 'x', 'x'],
  start: ['in_progress', '–', 'in_progress', 'x', 'x', 'x'],
  pend: ['pending', 'pending', 'pending', 'x', 'x', 'x'],
  resume: ['x', '–', 'in_progress', 'x', 'x', 'x'],
  resolve: ['resolved', 'resolved', 'resolved', '–', 'x', 'x'],
  close: ['x', 'x', 'x', 'closed', '–', 'x'],
  reopen: ['x', 'x', 'x', 'in_progress', 'in_progress', 'x'],
  cancel: ['cancelled', 'cancelled', 'cancelled', 'x', 'x', '–'],
}

function outcomeOf(state: TicketState, name: Move): string {
  try {
    const change = decideMove(ticket(state), move(name), now)
    return change ? { ...ticket(state), ...change }.state : '–'
  } catch (error) {
    return error instanceof DeskError ? 'x' : 'broken'
  }
}

describe('the life of a ticket', () => {
  for (const name of Object.keys(MOVES) as Move[])
    it.each(STATES.map((state, column) => [state, TABLE[name][column]!]))(
      `${name} from %s: %s`,
      (state, outcome) => {
        expect(outcomeOf(state, name)).toBe(outcome)
      },
    )

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
