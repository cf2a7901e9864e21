import { sql } from 'kysely'
import { DeskError, type Line, type Tx } from '../activity/index.ts'
import { endEscalations } from '../escalation/index.ts'
import { demandTeam, holdTeams } from '../people/index.ts'
import { type Change, changeTicket, lockTicket, type Ticket } from './change.ts'
import { type Facts, factsOf } from './facts.ts'
import { type Life, LIFECYCLES, type Move, type Need } from './lifecycles.ts'
import { demandUnmerged } from './merged.ts'
import { demandCalm } from './problem.ts'
import { setStatus } from './set-status.ts'
import { decideMove, isOpen, type PendingReason } from './state.ts'
import { decideStatus, readStatuses, reasonWith, type Statuses } from './status.ts'

export interface MoveInput {
  id: string
  /** The status to take with the step; it has to belong to where the step leads. */
  statusId?: string
  cause?: Line['cause']
  why?: unknown
}

/** A step as it is asked for, with what comes beside it. */
export interface Step {
  move: Move
  reason?: PendingReason
  set?: { resolution_code?: string | null; pending_until?: Date | null; team_id?: null; assignee_id?: null }
  /** What the move needs and brings itself, or may do without. */
  brings?: Need[]
}

/** What a step changes of a ticket with these facts; null where that has happened already. */
export function decideStep(
  ticket: Ticket,
  step: Step & Statuses & { facts: Facts; byPerson: boolean },
  now: Date,
): Pick<Change, 'verb' | 'set'> | null {
  const { move, byPerson, asked, had } = step
  const { life } = step.facts
  const has = new Set([...step.facts.has, ...(step.brings ?? [])])
  const set = decideMove(
    { ...ticket, life },
    {
      move,
      reason: reasonWith(asked, step.reason),
      byPerson,
      has,
      undone: step.facts.undone,
      unanswered: step.facts.unanswered,
    },
    now,
  )
  if (!set) return null
  const status = decideStatus({ state: ticket.state, status: had }, { ...ticket, ...set }, asked)
  const statusId = status?.id ?? null
  return {
    verb: move,
    set: { ...set, ...step.set, ...(statusId !== ticket.status_id && { status_id: statusId }) },
  }
}

/** One step in the life of a ticket, whatever its kind. */
export async function moveTicket(
  given: Tx,
  input: MoveInput & Omit<Step, 'move'> & { after?: Record<string, unknown> },
  move: Move,
  visibility: 'public' | 'internal' = 'public',
): Promise<Ticket> {
  const { ticket, tx } = await lockTicket(given, input.id)
  const facts = await factsOf(tx.db, ticket)
  const statuses = await readStatuses(tx, ticket.status_id, input.statusId)
  const byPerson = tx.actor.kind === 'person'
  const change = decideStep(ticket, { ...input, move, ...statuses, facts, byPerson }, tx.now)
  // Where it is already, only the status can be new.
  if (!change) return input.statusId ? setStatus(tx, { id: ticket.id, statusId: input.statusId }) : ticket
  if (facts.life === 'problem' && move === 'close') await demandCalm(tx, ticket)
  const { after, cause, why } = input
  const { ticket: next } = await changeTicket(tx, ticket, { ...change, after, visibility, cause, why })
  return next
}

/** A person takes notice: the first time is the incident's response. Ends the escalation and its pages. */
export async function acknowledgeTicket(tx: Tx, input: MoveInput): Promise<Ticket> {
  const ticket = await moveTicket(tx, input, 'acknowledge')
  if (tx.actor.kind === 'person') await endEscalations(tx, [input.id], 'acknowledged', tx.actor.id)
  return ticket
}

export const startTicket = (tx: Tx, input: MoveInput): Promise<Ticket> => moveTicket(tx, input, 'start')

/** Waits for somebody: the clocks pause until it goes on. Past `until` it counts as stalled. */
export async function pendTicket(
  given: Tx,
  input: MoveInput & { reason?: PendingReason; until?: Date | null },
): Promise<Ticket> {
  const { until } = input
  if (until && until <= given.now)
    throw new DeskError('invalid', 'It is to wait until an instant that has passed.', {
      errors: [{ path: 'until', message: 'must lie ahead' }],
    })
  const set = until === undefined ? undefined : { pending_until: until }
  const ticket = await moveTicket(given, { ...input, set }, 'pend')
  // It waits already: only until when is new.
  if (!set || +(ticket.pending_until ?? 0) === +(until ?? 0)) return ticket
  const { ticket: locked, tx } = await lockTicket(given, input.id)
  const { ticket: next } = await changeTicket(tx, locked, { verb: 'pend', set, visibility: 'internal' })
  return next
}

export const resumeTicket = (tx: Tx, input: MoveInput): Promise<Ticket> => moveTicket(tx, input, 'resume')

// Ends for which nobody need have found the cause of a problem, or approved a request: nothing was carried out.
const WITHOUT_CAUSE = ['duplicate', 'not-reproducible']

/** What comes with a step by itself. `code`: how it ended, such as `fixed`, `workaround`, `recovered`. */
export function besideStep(move: Move, code = 'fixed'): Pick<Step, 'set' | 'brings'> {
  if (move === 'resolve')
    return {
      set: { resolution_code: code },
      brings: WITHOUT_CAUSE.includes(code) ? ['problem.root_cause', 'approval'] : [],
    }
  if (move === 'cancel') return { set: { resolution_code: 'cancelled' } }
  return move === 'reopen' ? { set: { resolution_code: null } } : {}
}

/** `code`: how it ended. Nobody needs waking any more. */
export async function resolveTicket(tx: Tx, input: MoveInput & { code?: string }): Promise<Ticket> {
  const ticket = await moveTicket(tx, { ...input, ...besideStep('resolve', input.code) }, 'resolve')
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
  const { set } = besideStep('reopen')
  return moveTicket(tx, { ...input, set: { ...set, ...(await handsOf(tx, ticket)) } }, 'reopen')
}

/** What a ticket is opened again with whose team is no more: somebody has to find it anew. */
export const HANDED_TO_NOBODY = { team_id: null, assignee_id: null }

/** The same for one that is about to be open again, where it is so. */
export async function handsOf(tx: Tx, { team_id: team }: Ticket): Promise<Partial<typeof HANDED_TO_NOBODY>> {
  return team === null || (await holdTeams(tx, [team])).has(team) ? {} : HANDED_TO_NOBODY
}

export async function cancelTicket(tx: Tx, input: MoveInput): Promise<Ticket> {
  const ticket = await moveTicket(tx, { ...input, ...besideStep('cancel') }, 'cancel')
  await endEscalations(tx, [input.id], 'stopped')
  return ticket
}

interface Handed {
  teamId?: string | null
  assigneeId?: string | null
}

/** To whom a ticket goes; null where it is there. Another team's agent does not come along. */
export function decideHanding(
  ticket: Ticket,
  { teamId = ticket.team_id, assigneeId }: Handed,
): { team_id: string | null; assignee_id: string | null } | null {
  if (!isOpen(ticket.state))
    throw new DeskError('conflict', 'The ticket has ended. Reopen it before you hand it to somebody.')
  const kept = teamId === ticket.team_id ? ticket.assignee_id : null
  const assignee = assigneeId === undefined ? kept : assigneeId
  if (teamId === ticket.team_id && assignee === ticket.assignee_id) return null
  return { team_id: teamId, assignee_id: assignee }
}

/** Hands the ticket to a team and a person. Whoever takes it themself has acknowledged it. */
export async function assignTicket(
  given: Tx,
  /** `ifRevision`: the one that was seen; `stale` when it has changed hands since. */
  input: MoveInput & Handed & { ifRevision?: number },
): Promise<Ticket> {
  const { ticket, tx } = await lockTicket(given, input.id)
  if (input.ifRevision !== undefined) await demandSameHands(tx, ticket, input.ifRevision)
  const set = decideHanding(ticket, input)
  if (set?.team_id && set.team_id !== ticket.team_id)
    demandTeam(await holdTeams(tx, [set.team_id]), set.team_id)
  const assigneeId = set ? set.assignee_id : ticket.assignee_id
  if (assigneeId) {
    const places = await placesOf(tx, [assigneeId])
    demandMember(places.get(assigneeId), set ? set.team_id : ticket.team_id)
  }
  if (!set) return ticket
  const { ticket: next } = await changeTicket(tx, ticket, {
    verb: 'assign',
    set,
    cause: input.cause,
    why: input.why,
  })
  const { life } = await factsOf(tx.db, next)
  return acknowledgesByTaking(tx, life, assigneeId) ? acknowledgeTicket(tx, { id: ticket.id }) : next
}

/** Whether a ticket that goes to this person is acknowledged by that. */
export const acknowledgesByTaking = ({ actor }: Tx, life: Life, assigneeId: string | null): boolean =>
  actor.kind === 'person' && actor.id === assigneeId && LIFECYCLES[life].acknowledge !== undefined

export interface Places {
  everywhere: boolean
  teams: Set<string>
}

/** Where people work; who does nowhere, or has left, is missing. */
export async function placesOf(tx: Tx, personIds: string[]): Promise<Map<string, Places>> {
  const { rows } = await sql<{ id: string; everywhere: boolean; teams: string[] }>`
    select p.id, bool_or(g.role = 'administrator') as everywhere,
           coalesce(array_agg(g.team_id) filter (where g.team_id is not null), '{}') as teams
    from role_grant g join person p on p.id = g.person_id
    where p.id = any(${personIds}::uuid[]) and p.archived_at is null group by p.id`.execute(tx.db)
  return new Map(rows.map(({ id, everywhere, teams }) => [id, { everywhere, teams: new Set(teams) }]))
}

export function demandMember(places: Places | undefined, teamId: string | null): void {
  if (places && (teamId === null || places.everywhere || places.teams.has(teamId))) return
  throw new DeskError('invalid', 'This person does not work in the team.', {
    errors: [{ path: 'assignee_id', message: 'is not a member of the team' }],
  })
}

/** What else changed meanwhile is no conflict. */
async function demandSameHands(tx: Tx, ticket: Ticket, seen: number): Promise<void> {
  if (ticket.revision === seen) return
  const held = await tx.db
    .selectFrom('ticket_state')
    .select(['team_id', 'assignee_id'])
    .where('ticket_id', '=', ticket.id)
    .where('revision', '<=', seen)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (held?.team_id === ticket.team_id && held.assignee_id === ticket.assignee_id) return
  throw new DeskError('stale', 'Somebody else has handed it on meanwhile.', {
    errors: [{ path: 'assignee_id', message: 'was changed meanwhile' }],
  })
}
