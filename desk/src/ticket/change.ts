import type { Priority, Tables } from '@tocsin/db'
import type { RawBuilder, Selectable, Updateable } from 'kysely'
import { found, type Line, record, type Tx } from '../activity/index.ts'
import { followTicket, type Standing } from '../sla/index.ts'
import type { TicketKind, TicketState } from './lifecycles.ts'
import { askAfterChange } from './look.ts'
import type { PendingReason } from './state.ts'

export type Ticket = Omit<
  Selectable<Tables['ticket']>,
  'search' | 'kind' | 'state' | 'pending_reason' | 'priority'
> & {
  kind: TicketKind
  state: TicketState
  pending_reason: PendingReason | null
  priority: Priority
}

/**
 * Locks a ticket for the rest of the transaction. The transaction it answers carries a `now` that is never
 * before the ticket's last change, whatever waited for whom.
 */
export async function lockTicket(tx: Tx, id: string): Promise<{ ticket: Ticket; tx: Tx }> {
  const row = await tx.db.selectFrom('ticket').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  const ticket = found(row, 'ticket') as unknown as Ticket
  return { ticket, tx: ticket.updated_at > tx.now ? { ...tx, now: ticket.updated_at } : tx }
}

export interface Change {
  verb: string
  /** Columns to set; ids, codes and instants of these go on the line. */
  set: Omit<Updateable<Tables['ticket']>, 'search'> & { search?: RawBuilder<string> }
  visibility?: Line['visibility']
  /** More for the line: ids and codes only. */
  before?: Record<string, unknown>
  after?: Record<string, unknown>
  cause?: Line['cause']
  why?: unknown
}

// Free text stays off the record: wording rows hold it, and the line points there.
const OFF_RECORD = new Set(['title', 'description', 'search', 'location', 'fields', 'resolution_note'])
// What the requester hears from the desk.
const NEWS = new Set(['reply', 'update-major'])
const HISTORY = [
  'state',
  'status_id',
  'pending_reason',
  'priority',
  'service_id',
  'team_id',
  'assignee_id',
] as const

/**
 * Changes a locked ticket: the row, its history, its clocks and its line, with one new revision.
 * Answers the ticket as it is now and the id of the line.
 */
export async function changeTicket(
  tx: Tx,
  ticket: Ticket,
  change: Change,
): Promise<{ ticket: Ticket; line: string }> {
  // A status belongs to its state: whoever leaves that, saying nothing, leaves it too.
  const leaves = ticket.status_id && change.set.state && change.set.state !== ticket.state
  const set = leaves ? { status_id: null, ...change.set } : change.set
  const changed = { ...ticket, ...set, updated_at: tx.now } as Ticket
  const follow = await followTicket(tx, {
    ticketId: ticket.id,
    revision: ticket.revision,
    before: standingOf(ticket),
    after: { ...standingOf(changed), assigneeId: changed.assignee_id },
    acknowledgedAt: changed.acknowledged_at,
    firstResponseAt: changed.first_response_at,
    news: NEWS.has(change.verb),
  })
  const revision = follow.revision + 1
  const next = { ...changed, revision, due_at: follow.dueAt }
  await tx.db
    .updateTable('ticket')
    .set({ ...set, revision, updated_at: tx.now, due_at: next.due_at })
    .where('id', '=', ticket.id)
    .execute()
  if (HISTORY.some((facet) => ticket[facet] !== next[facet])) {
    await tx.db
      .insertInto('ticket_state')
      .values({
        ticket_id: ticket.id,
        revision,
        at: tx.now,
        state: next.state,
        pending_reason: next.pending_reason,
        priority: next.priority,
        service_id: next.service_id,
        team_id: next.team_id,
        assignee_id: next.assignee_id,
        status_id: next.status_id,
      })
      .execute()
    await askAfterChange(tx, ticket, next)
  }
  const told = Object.keys(set).filter((column) => !OFF_RECORD.has(column)) as (keyof Ticket)[]
  const [line] = await record(tx, [
    {
      verb: change.verb,
      subject: { kind: 'ticket', id: ticket.id },
      ticket: { id: ticket.id, revision },
      before: {
        ...Object.fromEntries(told.map((column) => [column, ticket[column]])),
        ...change.before,
        ...follow.retargeted?.before,
      },
      after: {
        ...Object.fromEntries(told.map((column) => [column, next[column]])),
        ...change.after,
        ...follow.retargeted?.after,
      },
      cause: change.cause,
      why: change.why,
      visibility: change.visibility,
    },
  ])
  return { ticket: next, line: line! }
}

const standingOf = (ticket: Ticket): Standing => ({
  kind: ticket.kind,
  state: ticket.state,
  pendingReason: ticket.pending_reason,
  priority: ticket.priority,
  serviceId: ticket.service_id,
  teamId: ticket.team_id,
  categoryId: ticket.category_id,
  organisationId: ticket.organisation_id,
  requesterId: ticket.requester_id,
})
