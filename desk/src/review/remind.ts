import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { recordOnTickets, SYSTEM, transact, type Tx } from '../activity/index.ts'

/** What is overdue is recalled this often. */
export const EVERY_DAYS = 7
const WEEK_MS = EVERY_DAYS * 24 * 3_600_000
const BATCH = 100

/** The next time after now, in whole weeks from the last: a desk that stood still recalls a thing once. */
export const nextReminder = (last: Date, now: Date): Date =>
  new Date(last.getTime() + WEEK_MS * (Math.floor((now.getTime() - last.getTime()) / WEEK_MS) + 1))

interface Due {
  id: string
  ticket_id: string
  remind_at: Date
  due_on: string
  /** Its owner, and who led the incident. */
  people: string[]
}

/** Reminds of actions that are overdue, and again each week; whichever engine comes first. */
export async function sweepActions(db: Db): Promise<number> {
  let due: Due[] = []
  const claim = async (trx: Transaction<Tables>) => {
    const { rows } = await sql<Due>`
      select a.id, a.ticket_id, a.remind_at, a.due_on::text as due_on,
        array(select a.owner_id union select m.lead_id where m.lead_id is not null) as people
      from review_action a join ticket t on t.id = a.ticket_id join major_incident m on m.ticket_id = t.id
      where a.remind_at <= (select tocsin_now())
      order by t.id, a.id limit ${BATCH} for update of t skip locked`.execute(trx)
    due = rows
  }
  return transact(db, SYSTEM, (tx) => remind(tx, due), claim)
}

async function remind(tx: Tx, due: Due[]): Promise<number> {
  const given = due.map(({ id, remind_at }) => ({
    id,
    was: remind_at,
    next: nextReminder(remind_at, tx.now),
  }))
  // Unless it was done or moved between the look and the lock.
  const { rows } = await sql<{ id: string }>`
    update review_action a set remind_at = g.next
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, was timestamptz(3), next timestamptz(3))
    where a.id = g.id and a.remind_at = g.was returning a.id`.execute(tx.db)
  const standing = new Set(rows.map(({ id }) => id))
  await recordOnTickets(
    tx,
    due
      .filter(({ id }) => standing.has(id))
      .map(({ id, ticket_id, due_on, people }) => ({
        ticketId: ticket_id,
        verb: 'remind-action',
        subject: { kind: 'ticket', id: ticket_id },
        after: { action: id, due_on, people },
      })),
  )
  return due.length
}
