import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { recordOnTickets, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { decideReminder, type Promised } from './promise.ts'

interface Due extends Promised {
  id: string
  /** Its lead, its assignee, and those who work in its team. */
  people: string[]
}

const BATCH = 100

/**
 * Reminds those who work on open major incidents that an update is due, and again once it is overdue. The ticket is
 * locked as its changes lock it, and what another engine holds is skipped: each reminder goes out once.
 */
export async function sweepUpdateReminders(db: Db): Promise<number> {
  let due: Due[] = []
  const claim = async (trx: Transaction<Tables>) => {
    const { rows } = await sql<Due>`
      select t.id, m.next_update_at, m.remind, m.remind_at,
        array(select m.lead_id where m.lead_id is not null union select t.assignee_id where t.assignee_id is not null
              union select g.person_id from role_grant g where g.team_id = t.team_id) as people
      from major_incident m join ticket t on t.id = m.ticket_id
      where m.remind_at <= (select tocsin_now()) and m.state = 'declared' and t.state not in ('resolved', 'closed', 'cancelled')
      order by m.remind_at, t.id limit ${BATCH} for update of t skip locked`.execute(trx)
    due = rows
  }
  return transact(db, SYSTEM, (tx) => remind(tx, due), claim)
}

async function remind(tx: Tx, due: Due[]): Promise<number> {
  const decided = due.map((one) => ({ ...one, ...decideReminder(one, tx.now) }))
  const given = JSON.stringify(decided.map(({ id, remind_at, next }) => ({ id, was: remind_at, ...next })))
  // Unless an update came between the look and the lock.
  const { rows } = await sql<{ id: string }>`
    update major_incident m set remind = g.remind, remind_at = g.remind_at
    from jsonb_to_recordset(${given}::jsonb) as g(id uuid, was timestamptz(3), remind text, remind_at timestamptz(3))
    where m.ticket_id = g.id and m.remind_at = g.was returning g.id`.execute(tx.db)
  const standing = new Set(rows.map(({ id }) => id))
  await recordOnTickets(
    tx,
    decided
      .filter(({ id, tell }) => tell && standing.has(id))
      .map(({ id, tell, people, next_update_at }) => ({
        ticketId: id,
        verb: 'remind-update',
        subject: { kind: 'ticket', id },
        after: { reminder: tell, next_update_at: next_update_at!.toISOString(), people },
      })),
  )
  return due.length
}
