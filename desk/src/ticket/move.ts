import { DeskError, type Line, type Tx } from '../activity/index.ts'
import { endEscalations } from '../escalation/index.ts'
import { changeTicket, lockTicket, type Ticket } from './change.ts'
import { factsOf } from './facts.ts'
import { LIFECYCLES, type Move, type Need } from './lifecycles.ts'
import { demandUnmerged } from './merged.ts'
import { demandCalm } from './problem.ts'
import { setStatus } from './set-status.ts'
import { decideMove, isOpen, type PendingReason } from './state.ts'
import { decideStatus, readStatuses, reasonWith } from './status.ts'

export interface MoveInput {
  id: string
  /** The status to take with the step; it has to belong to where the step leads. */
  statusId?: string
  cause?: Line['cause']
  why?: unknown
}

/** One step in the life of a ticket, whatever its kind. */
export async function moveTicket(
  given: Tx,
  input: MoveInput & {
    reason?: PendingReason
    set?: { resolution_code?: string | null }
    /** What the move needs and brings itself, or may do without. */
    brings?: Need[]
    after?: Record<string, unknown>
  },
  move: Move,
  visibility: 'public' | 'internal' = 'public',
): Promise<Ticket> {
  const { ticket, tx } = await lockTicket(given, input.id)
  const byPerson = tx.actor.kind === 'person'
  const { life, has } = await factsOf(tx.db, ticket)
  for (const need of input.brings ?? []) has.add(need)
  const { had, asked } = await readStatuses(tx, ticket.status_id, input.statusId)
  const reason = reasonWith(asked, input.reason)
  const set = decideMove({ ...ticket, life }, { move, reason, byPerson, has }, tx.now)
  // Where it is already, only the status can be new.
  if (!set) return input.statusId ? setStatus(tx, { id: ticket.id, statusId: input.statusId }) : ticket
  const status = decideStatus({ state: ticket.state, status: had }, { ...ticket, ...set }, asked)
  const statusId = status?.id ?? null
  if (life === 'problem' && move === 'close') await demandCalm(tx, ticket)
  const { ticket: next } = await changeTicket(tx, ticket, {
    verb: move,
    set: { ...set, ...input.set, ...(statusId !== ticket.status_id && { status_id: statusId }) },
    after: input.after,
    visibility,
    cause: input.cause,
    why: input.why,
  })
  return next
}

/** A person takes notice: the first time is the incident's response. Ends the escalation and its pages. */
export async function acknowledgeTicket(tx: Tx, input: MoveInput): Promise<Ticket> {
  const ticket = await moveTicket(tx, input, 'acknowledge')
  if (tx.actor.kind === 'person') await endEscalations(tx, [input.id], 'acknowledged', tx.actor.id)
  return ticket
}

export const startTicket = (tx: Tx, input: MoveInput): Promise<Ticket> => moveTicket(tx, input, 'start')

/** Waits for somebody: the clocks pause until it goes on. */
export const pendTicket = (tx: Tx, input: MoveInput & { reason?: PendingReason }): Promise<Ticket> =>
  moveTicket(tx, input, 'pend')

export const resumeTicket = (tx: Tx, input: MoveInput): Promise<Ticket> => moveTicket(tx, input, 'resume')

// Ends of a problem for which nobody need have found its cause.
const WITHOUT_CAUSE = ['duplicate', 'not-reproducible']

/** `code`: how it ended, such as `fixed`, `workaround`, `recovered`. Nobody needs waking any more. */
export async function resolveTicket(tx: Tx, input: MoveInput & { code?: string }): Promise<Ticket> {
  const code = input.code ?? 'fixed'
  const brings: Need[] = WITHOUT_CAUSE.includes(code) ? ['problem.root_cause'] : []
  const ticket = await moveTicket(tx, { ...input, brings, set: { resolution_code: code } }, 'resolve')
  await endEscalations(tx, [input.id], 'stopped')
  return ticket
}

/** A problem's cause is known, and its fix under way. */
export const fixProblem = (tx: Tx, input: MoveInput): Promise<Ticket> => moveTicket(tx, input, 'fix')

export const closeTicket = (tx: Tx, input: MoveInput): Promise<Ticket> => moveTicket(tx, input, 'close')

const REQUESTER_REOPENS_MS = 7 * 24 * 3_600_000

/**
 * The end did not hold. The resolution clock goes on where it stood. Requesters may say so for seven days:
 * what comes back later is a new ticket, with a promise of its own.
 */
export async function reopenTicket(given: Tx, input: MoveInput & { byRequester?: boolean }): Promise<Ticket> {
  const { ticket, tx } = await lockTicket(given, input.id)
  await demandUnmerged(tx, [ticket.id])
  const age = ticket.resolved_at ? tx.now.getTime() - ticket.resolved_at.getTime() : 0
  if (input.byRequester && age > REQUESTER_REOPENS_MS)
    throw new DeskError('conflict', 'This was solved more than seven days ago. Please file it anew.')
  return moveTicket(tx, { ...input, set: { resolution_code: null } }, 'reopen')
}

export async function cancelTicket(tx: Tx, input: MoveInput): Promise<Ticket> {
  const ticket = await moveTicket(tx, { ...input, set: { resolution_code: 'cancelled' } }, 'cancel')
  await endEscalations(tx, [input.id], 'stopped')
  return ticket
}

/** Hands the ticket to a team and a person. Whoever takes it themself has acknowledged it. */
export async function assignTicket(
  given: Tx,
  input: MoveInput & { teamId?: string | null; assigneeId?: string | null },
): Promise<Ticket> {
  const { ticket, tx } = await lockTicket(given, input.id)
  if (!isOpen(ticket.state))
    throw new DeskError('conflict', 'The ticket has ended. Reopen it before you hand it to somebody.')
  const teamId = input.teamId === undefined ? ticket.team_id : input.teamId
  const assigneeId =
    input.assigneeId === undefined
      ? teamId === ticket.team_id
        ? ticket.assignee_id
        : null
      : input.assigneeId
  if (assigneeId) await demandMember(tx, assigneeId, teamId)
  if (teamId === ticket.team_id && assigneeId === ticket.assignee_id) return ticket
  const { ticket: next } = await changeTicket(tx, ticket, {
    verb: 'assign',
    set: { team_id: teamId, assignee_id: assigneeId },
    cause: input.cause,
    why: input.why,
  })
  const { life } = await factsOf(tx.db, next)
  const takesIt =
    tx.actor.kind === 'person' && tx.actor.id === assigneeId && LIFECYCLES[life].acknowledge !== undefined
  return takesIt ? acknowledgeTicket(tx, { id: ticket.id }) : next
}

async function demandMember(tx: Tx, personId: string, teamId: string | null): Promise<void> {
  const member = await tx.db
    .selectFrom('role_grant as g')
    .innerJoin('person as p', 'p.id', 'g.person_id')
    .select('g.role')
    .where('p.id', '=', personId)
    .where('p.archived_at', 'is', null)
    .where((eb) =>
      teamId ? eb.or([eb('g.team_id', '=', teamId), eb('g.role', '=', 'administrator')]) : eb.lit(true),
    )
    .limit(1)
    .executeTakeFirst()
  if (!member)
    throw new DeskError('invalid', 'This person does not work in the team.', {
      errors: [{ path: 'assignee_id', message: 'is not a member of the team' }],
    })
}
