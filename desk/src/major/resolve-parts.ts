import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { type Reader, ticketWorkable } from '../auth/index.ts'
import { endEscalations } from '../escalation/index.ts'
import {
  besideStep,
  changeTickets,
  decideStep,
  factsOfAll,
  lockTickets,
  type Ticket,
  writeMessages,
} from '../ticket/index.ts'

/** As many as one act may end, so that nobody waits long for a ticket among them. */
const MOST = 500

/**
 * Resolves the open incidents and requests that are part of a declared major incident, as far as the reader works on
 * them, with one public answer to all who asked. What opens them again, or the major, opens nothing else.
 */
export async function resolveParts(
  tx: Tx,
  reader: Reader,
  { id, code, reply }: { id: string; code?: string; reply?: string },
): Promise<void> {
  // As links to a parent are written: no part joins or leaves meanwhile. Then every row, in the order of ids.
  await sql`select pg_advisory_xact_lock(hashtext('ticket_parent'))`.execute(tx.db)
  const { rows } = await sql<{ id: string }>`
    select t.id from ticket t
    where t.id = ${id} or (t.parent_id = ${id} and t.kind in ('incident', 'request')
      and t.state not in ('resolved', 'closed', 'cancelled') and ${ticketWorkable(reader)})
    order by t.id limit ${MOST + 2} for update of t`.execute(tx.db)
  const major = await tx.db
    .selectFrom('major_incident')
    .select('state')
    .where('ticket_id', '=', id)
    .executeTakeFirst()
  if (major?.state !== 'declared')
    throw new DeskError('conflict', 'Only a declared major incident takes its parts along.')
  const parts = rows.filter((row) => row.id !== id)
  if (parts.length > MOST)
    throw new DeskError('conflict', `More than ${MOST} tickets are part of it: resolve some of them first.`)
  if (parts.length === 0) return
  const held = await lockTickets(
    tx,
    parts.map((part) => part.id),
  )
  const cause = { kind: 'ticket', id }
  const answered = reply?.trim() ? await answer(held.tx, held.tickets, reply, cause) : held.tickets
  await resolve(held.tx, answered, code, cause)
}

type Cause = { kind: string; id: string }

async function answer(tx: Tx, tickets: Ticket[], reply: string, cause: Cause): Promise<Ticket[]> {
  const said = await writeMessages(
    tx,
    'reply',
    reply,
    tickets.map(({ id }) => id),
  )
  const changes = tickets.map((ticket) => ({
    ticket,
    change: {
      verb: 'reply',
      set: ticket.first_response_at ? {} : { first_response_at: tx.now },
      after: { message: said.ids.get(ticket.id) },
      visibility: 'public' as const,
      cause,
    },
  }))
  return changeTickets(tx, changes, said.search)
}

async function resolve(tx: Tx, tickets: Ticket[], code: string | undefined, cause: Cause): Promise<void> {
  const facts = await factsOfAll(tx.db, tickets)
  const byPerson = tx.actor.kind === 'person'
  const changes = tickets.flatMap((ticket) => {
    // Whatever status it had is left with its state.
    const step = {
      move: 'resolve' as const,
      ...besideStep('resolve', code),
      had: null,
      asked: undefined,
      byPerson,
    }
    const change = decidePart(ticket, () =>
      decideStep(ticket, { ...step, facts: facts.get(ticket.id)! }, tx.now),
    )
    return change ? [{ ticket, change: { ...change, visibility: 'public' as const, cause } }] : []
  })
  await changeTickets(tx, changes)
  await endEscalations(
    tx,
    tickets.map(({ id }) => id),
    'stopped',
  )
}

/** What one of them still lacks is told with its number, for it is not what was asked for. */
function decidePart<T>({ number }: Ticket, decide: () => T): T {
  try {
    return decide()
  } catch (error) {
    if (!(error instanceof DeskError)) throw error
    throw new DeskError('conflict', `${number}: ${error.message}`, { cause: error })
  }
}
