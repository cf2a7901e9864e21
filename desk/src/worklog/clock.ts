import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { bookTime } from './book.ts'
import { minutesOf } from './minutes.ts'

interface Clock {
  ticket_id: string
  started_at: Date
}

/**
 * A person's clock begins to run on a ticket. One that ran on another is stopped, and what it measured kept there; one
 * that runs here already runs on.
 */
export async function runClock(tx: Tx, input: { ticketId: string; personId: string }): Promise<void> {
  const running = await lockClock(tx, input.personId)
  if (running?.ticket_id === input.ticketId) return
  if (running) await stopClock(tx, { ticketId: running.ticket_id, personId: input.personId })
  await sql`
    insert into work_clock (person_id, ticket_id, started_at) values (${input.personId}, ${input.ticketId}, ${tx.now})
    on conflict do nothing`.execute(tx.db)
}

/** Stops it: what it measured is an entry, unless it is to be forgotten. Whoever stops it second is told. */
export async function stopClock(
  tx: Tx,
  input: { ticketId: string; personId: string; what?: string; forget?: boolean },
): Promise<void> {
  const { rows } = await sql<Clock>`
    delete from work_clock where person_id = ${input.personId} and ticket_id = ${input.ticketId}
    returning ticket_id, started_at`.execute(tx.db)
  const [clock] = rows
  if (!clock) throw new DeskError('conflict', 'Your clock does not run on this ticket.')
  if (input.forget) return
  await bookTime(tx, {
    ticketId: clock.ticket_id,
    personId: input.personId,
    minutes: minutesOf(clock.started_at, tx.now),
    what: input.what,
  })
}

async function lockClock(tx: Tx, personId: string): Promise<Clock | undefined> {
  const { rows } = await sql<Clock>`
    select ticket_id, started_at from work_clock where person_id = ${personId} for update`.execute(tx.db)
  return rows[0]
}
