import type { Priority, Tables } from '@tocsin/db'
import { type RawBuilder, type Selectable, sql, type Updateable } from 'kysely'
import { found, type Line, record, type Tx } from '../activity/index.ts'
import { type Follow, type Followed, followTicket, followTickets, type Standing } from '../sla/index.ts'
import type { TicketKind, TicketState } from './lifecycles.ts'
import { askAfterChange, askAfterChanges } from './look.ts'
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

/** Locks many, in the order in which everybody does; those that there are not are left out. */
export async function lockTickets(tx: Tx, ids: string[]): Promise<{ tickets: Ticket[]; tx: Tx }> {
  const rows = await tx.db
    .selectFrom('ticket')
    .selectAll()
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute()
  const tickets = rows as unknown as Ticket[]
  const latest = tickets.reduce((now, { updated_at }) => (updated_at > now ? updated_at : now), tx.now)
  return { tickets, tx: { ...tx, now: latest } }
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
const OFF_RECORD = new Set([
  'title',
  'description',
  'search',
  'location',
  'fields',
  'resolution_note',
  'next_for',
])
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
  const set = setOf(ticket, change)
  const changed = { ...ticket, ...set, updated_at: tx.now } as Ticket
  const follow = await followTicket(tx, followedOf(ticket, changed, change))
  const next = { ...changed, revision: follow.revision + 1, due_at: follow.dueAt }
  await tx.db
    .updateTable('ticket')
    .set({ ...set, revision: next.revision, updated_at: tx.now, due_at: next.due_at })
    .where('id', '=', ticket.id)
    .execute()
  if (entersHistory(ticket, next)) {
    await tx.db.insertInto('ticket_state').values(historyOf(next)).execute()
    await askAfterChange(tx, ticket, next)
  }
  const [line] = await record(tx, [lineOf(ticket, next, set, change, follow)])
  return { ticket: next, line: line! }
}

export interface Changing {
  ticket: Ticket
  change: Omit<Change, 'set'> & { set: Omit<Change['set'], 'search' | 'fields'> }
}

/**
 * Changes many locked tickets, each once, as `changeTicket` does one: in as many statements as that takes for one.
 * `search` is worked out for each of them over its row. Answers the tickets as they are now, in the order given.
 */
export async function changeTickets(
  tx: Tx,
  changes: Changing[],
  search?: RawBuilder<string>,
): Promise<Ticket[]> {
  if (changes.length === 0) return []
  const sets = changes.map(({ ticket, change }) => setOf(ticket, change))
  const changed = changes.map(
    ({ ticket }, index) => ({ ...ticket, ...sets[index], updated_at: tx.now }) as Ticket,
  )
  const follows = await followTickets(
    tx,
    changes.map(({ ticket, change }, index) => followedOf(ticket, changed[index]!, change)),
  )
  const next = changed.map((ticket, index) => ({
    ...ticket,
    revision: follows[index]!.revision + 1,
    due_at: follows[index]!.dueAt,
  }))
  await writeRows(tx, next, [...new Set(sets.flatMap((set) => Object.keys(set)))], search)
  const moved = next.flatMap((after, index) => {
    const before = changes[index]!.ticket
    return entersHistory(before, after) ? [{ before, after }] : []
  })
  if (moved.length > 0) {
    await tx.db
      .insertInto('ticket_state')
      .values(moved.map(({ after }) => historyOf(after)))
      .execute()
    await askAfterChanges(tx, moved)
  }
  await record(
    tx,
    changes.map(({ ticket, change }, index) =>
      lineOf(ticket, next[index]!, sets[index]!, change, follows[index]!),
    ),
  )
  return next
}

/** Writes these columns of many rows, every one as its ticket has it. */
async function writeRows(tx: Tx, tickets: Ticket[], columns: string[], search?: RawBuilder<string>) {
  const written = [...new Set([...columns, 'revision', 'updated_at', 'due_at'])]
  const rows = tickets.map((ticket) =>
    Object.fromEntries(['id', ...written].map((column) => [column, ticket[column as keyof Ticket]])),
  )
  const sets = written.map((column) => sql`${sql.ref(column)} = g.${sql.ref(column)}`)
  if (search) sets.push(sql`search = ${search}`)
  await sql`
    update ticket t set ${sql.join(sets)}
    from jsonb_populate_recordset(null::ticket, ${JSON.stringify(rows)}::jsonb) g where t.id = g.id`.execute(
    tx.db,
  )
}

/** What the row is to have. A status belongs to its state, and so does until when it waits: whoever leaves that leaves both. */
function setOf(ticket: Ticket, { set }: { set: Change['set'] }): Change['set'] {
  const leaves = ticket.status_id && set.state && set.state !== ticket.state
  const woken = ticket.pending_until && set.state && set.state !== 'pending'
  // Like tickets are others now, and with them when this one has to be begun.
  const unlike = LIKE.some((column) => column in set && set[column] !== ticket[column])
  return {
    ...(leaves && { status_id: null }),
    ...(woken && { pending_until: null }),
    ...(unlike && { next_for: null }),
    ...set,
  }
}
const LIKE = ['priority', 'service_id'] as const

const followedOf = (before: Ticket, after: Ticket, { verb }: { verb: string }): Followed => ({
  ticketId: before.id,
  revision: before.revision,
  before: standingOf(before),
  after: { ...standingOf(after), assigneeId: after.assignee_id },
  acknowledgedAt: after.acknowledged_at,
  firstResponseAt: after.first_response_at,
  news: NEWS.has(verb),
})

const entersHistory = (before: Ticket, after: Ticket): boolean =>
  HISTORY.some((facet) => before[facet] !== after[facet])

const historyOf = (ticket: Ticket) => ({
  ticket_id: ticket.id,
  revision: ticket.revision,
  at: ticket.updated_at,
  state: ticket.state,
  pending_reason: ticket.pending_reason,
  priority: ticket.priority,
  service_id: ticket.service_id,
  team_id: ticket.team_id,
  assignee_id: ticket.assignee_id,
  status_id: ticket.status_id,
})

function lineOf(
  before: Ticket,
  after: Ticket,
  set: Change['set'],
  change: Omit<Change, 'set'>,
  follow: Follow,
): Line {
  const told = Object.keys(set).filter((column) => !OFF_RECORD.has(column)) as (keyof Ticket)[]
  const of = (ticket: Ticket) => Object.fromEntries(told.map((column) => [column, ticket[column]]))
  return {
    verb: change.verb,
    subject: { kind: 'ticket', id: before.id },
    ticket: { id: before.id, revision: after.revision },
    before: { ...of(before), ...change.before, ...follow.retargeted?.before },
    after: { ...of(after), ...change.after, ...follow.retargeted?.after },
    cause: change.cause,
    why: change.why,
    visibility: change.visibility,
  }
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
