import { sql } from 'kysely'
import { DeskError, recordOnTickets, type Tx } from '../activity/index.ts'
import { demandCategory } from '../category/index.ts'
import { endEscalations } from '../escalation/index.ts'
import { changeTicket, lockTicket, type Ticket } from './change.ts'
import type { TicketKind } from './lifecycles.ts'
import { linkTickets, unlinkTickets } from './link.ts'
import { demandUnmerged } from './merged.ts'
import { moveTicket } from './move.ts'
import { type Channel, type OpenedTicket, openTickets } from './open.ts'
import { isOpen } from './state.ts'

export interface SplitOff {
  id: string
  messageIds: string[]
  kind: TicketKind
  title: string
  /** Absent: whoever wrote the first of the messages. */
  requesterId?: string | null
  /** These are those of the ticket, unless others are named. */
  serviceId?: string | null
  categoryId?: string | null
  teamId?: string | null
  /** The revision that was looked at; absent: no check. */
  seenRevision?: number
}

interface Taken {
  id: string
  kind: 'reply' | 'note'
  author_id: string | null
}

/**
 * Another matter was raised in a ticket: these messages, with their files, become a ticket of their own, as secret as
 * it and linked to it. They stand in the new ticket alone; the old keeps the lines that told of them, which point there.
 */
export async function splitOff(given: Tx, input: SplitOff): Promise<OpenedTicket> {
  const { ticket, tx } = await lockTicket(given, input.id)
  await demandSplittable(tx, ticket, input.seenRevision)
  const messages = await readMessages(tx, ticket, [...new Set(input.messageIds)])
  if (input.categoryId) await demandCategory(tx, input.categoryId)
  const [opened] = await openTickets(tx, [
    {
      kind: input.kind,
      title: input.title,
      impact: ticket.impact,
      urgency: ticket.urgency,
      channel: heard.includes(ticket.channel as Channel) ? (ticket.channel as Channel) : 'desk',
      serviceId: input.serviceId === undefined ? ticket.service_id : input.serviceId,
      ciId: input.serviceId === undefined ? ticket.ci_id : null,
      categoryId: input.categoryId === undefined ? ticket.category_id : input.categoryId,
      teamId: input.teamId === undefined ? ticket.team_id : input.teamId,
      requesterId:
        input.requesterId === undefined ? (messages[0]!.author_id ?? ticket.requester_id) : input.requesterId,
      reporterId: tx.actor.kind === 'person' ? tx.actor.id : null,
      confidential: ticket.confidential,
      language: ticket.language,
      cause: { kind: 'ticket', id: ticket.id },
      why: { rule: 'person', split: ticket.id, messages: messages.length },
    },
  ])
  const { id } = opened!
  const ids = messages.map((message) => message.id)
  await carry(tx, ids, { from: ticket.id, into: id })
  await recordOnTickets(tx, [
    {
      ticketId: id,
      verb: 'split-off',
      subject: { kind: 'ticket', id },
      after: { other: ticket.id, from: false, messages: ids.length },
    },
    ...messages.map((message) => ({
      ticketId: id,
      verb: 'bring',
      subject: { kind: 'ticket', id },
      after: { message: message.id, other: ticket.id },
      visibility: message.kind === 'note' ? ('internal' as const) : ('public' as const),
    })),
  ])
  await changeTicket(tx, ticket, {
    verb: 'split-off',
    set: {},
    after: { other: id, from: true, messages: ids.length },
  })
  await linkTickets(tx, { fromId: id, toId: ticket.id, kind: 'relates' })
  await tx.db
    .insertInto('ticket_split')
    .values({
      from_id: ticket.id,
      into_id: id,
      message_ids: ids,
      split_by: tx.actor.kind === 'person' ? tx.actor.id : null,
      split_at: tx.now,
    })
    .execute()
  return opened!
}

/**
 * It was one matter after all: the messages stand where they stood, and the new ticket, in which nothing was said
 * since, ends as cancelled. Answers the ticket that has them back.
 */
export async function undoSplit(given: Tx, id: string): Promise<string> {
  const split = await given.db
    .selectFrom('ticket_split')
    .selectAll()
    .where('into_id', '=', id)
    .where('undone_at', 'is', null)
    .executeTakeFirst()
  if (!split) throw new DeskError('conflict', 'The ticket was not split off another, or that is undone.')
  const [low, high] = [id, split.from_id].toSorted((a, b) => (a < b ? -1 : 1))
  const first = await lockTicket(given, low!)
  const { ticket: second, tx } = await lockTicket(first.tx, high!)
  const [taken, source] = first.ticket.id === id ? [first.ticket, second] : [second, first.ticket]
  const undone = await tx.db
    .updateTable('ticket_split')
    .set({ undone_at: tx.now })
    .where('id', '=', split.id)
    .where('undone_at', 'is', null)
    .executeTakeFirst()
  if (undone.numUpdatedRows === 0n) throw new DeskError('conflict', 'The split is undone already.')
  await demandUntouched(tx, taken, split.message_ids)
  const after = { other: source.id, from: true, messages: split.message_ids.length }
  await moveTicket(tx, { id, set: { resolution_code: 'cancelled' }, after }, 'cancel', 'internal')
  await endEscalations(tx, [id], 'stopped')
  await carry(tx, split.message_ids, { from: id, into: source.id })
  await changeTicket(tx, (await lockTicket(tx, id)).ticket, { verb: 'undo-split', set: {}, after })
  await changeTicket(tx, source, { verb: 'undo-split', set: {}, after: { ...after, other: id, from: false } })
  const pair = [id, source.id]
  const link = await tx.db
    .selectFrom('ticket_link')
    .select('kind')
    .where('from_id', 'in', pair)
    .where('to_id', 'in', pair)
    .where('kind', '=', 'relates')
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (link) await unlinkTickets(tx, { fromId: id, toId: source.id, kind: 'relates' })
  return source.id
}

/** How tickets come of which people write; the rest are opened at the desk. */
const heard: Channel[] = ['portal', 'email', 'api']

async function demandSplittable(tx: Tx, ticket: Ticket, seenRevision?: number): Promise<void> {
  await demandUnmerged(tx, [ticket.id])
  if (ticket.channel === 'import' && !isOpen(ticket.state))
    throw new DeskError('conflict', 'This is the history of another desk: it stays as it was imported.')
  if (ticket.state === 'closed' || ticket.state === 'cancelled')
    throw new DeskError('conflict', 'The ticket has ended. Reopen it before you split it.')
  if (seenRevision !== undefined && seenRevision !== ticket.revision)
    throw new DeskError('stale', 'The ticket has changed since you looked. Look again, then split it.')
}

/** In the order in which they were written. What is not in this ticket is refused, with the reason. */
async function readMessages(tx: Tx, ticket: Ticket, ids: string[]): Promise<Taken[]> {
  const { rows } = await sql<Taken & { ticket_id: string; number: string; erased_at: Date | null }>`
    select m.id, m.kind, m.author_id, m.ticket_id, t.number, m.erased_at from message m join ticket t on t.id = m.ticket_id
    where m.id = any(${ids}::uuid[])
      and (m.ticket_id = ${ticket.id}
        or exists (select from ticket_split s where s.from_id = ${ticket.id} and m.id = any(s.message_ids))
        or exists (select from ticket_merge g where g.from_id = m.ticket_id and g.into_id = ${ticket.id} and g.undone_at is null))
    order by m.created_at, m.id`.execute(tx.db)
  const elsewhere = rows.find((row) => row.ticket_id !== ticket.id)
  if (elsewhere)
    throw new DeskError('conflict', `One of these messages stands in ${elsewhere.number}: split that one.`)
  if (rows.length < ids.length || rows.some((row) => row.erased_at))
    throw new DeskError('invalid', 'One of these messages is not in this ticket.', {
      errors: [{ path: 'message_ids', message: 'names a message that is not in the ticket' }],
    })
  return rows
}

/** Messages go with their files, and each ticket is found by what stands in it. */
async function carry(tx: Tx, ids: string[], { from, into }: { from: string; into: string }): Promise<void> {
  await sql`
    with moved as (update message set ticket_id = ${into} where id = any(${ids}::uuid[]) and ticket_id = ${from})
    update attachment set ticket_id = ${into} where message_id = any(${ids}::uuid[]) and ticket_id = ${from}`.execute(
    tx.db,
  )
  await sql`update ticket set search = search_of_ticket(id) where id in (${from}, ${into})`.execute(tx.db)
}

async function demandUntouched(tx: Tx, ticket: Ticket, ids: string[]): Promise<void> {
  await demandUnmerged(tx, [ticket.id])
  const { rows } = await sql<{ said: number; held: number; merged: boolean }>`
    select count(*) filter (where id <> all(${ids}::uuid[]))::int as said,
           count(*) filter (where id = any(${ids}::uuid[]))::int as held,
           exists (select from ticket_merge where into_id = ${ticket.id} and undone_at is null) as merged
    from message where ticket_id = ${ticket.id}`.execute(tx.db)
  const { said, held, merged } = rows[0]!
  if (said > 0 || merged || (ticket.kind === 'change' && ticket.state !== 'new'))
    throw new DeskError('conflict', 'It has a story of its own by now: merge it back instead.')
  if (held < ids.length)
    throw new DeskError('conflict', 'Some of its messages were split off again. Undo that first.')
}
