import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { SYSTEM, transact } from '../activity/index.ts'
import { readSettings } from '../services/index.ts'
import { closeTicket } from './move.ts'

const BATCH = 50

/**
 * Closes what has stayed resolved for the days that the setting says. Rows another engine holds are skipped;
 * a batch is one transaction, and a ticket that was reopened meanwhile stays open. Problems are closed by people.
 */
export async function sweepClosings(db: Db): Promise<number> {
  const { close_after_days: days, review_before_close: reviewed } = await readSettings(db)
  return transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ id: string }>`
      select id from ticket
      where state = 'resolved' and kind <> 'problem' and resolved_at < ${tx.now}::timestamptz(3) - make_interval(days => ${days})
        and (not ${reviewed} or not exists (select from major_incident m left join review r on r.ticket_id = m.ticket_id
          where m.ticket_id = ticket.id and m.state = 'declared' and r.finished_at is null))
      order by resolved_at limit ${BATCH} for update skip locked`.execute(tx.db)
    for (const { id } of rows) await closeTicket(tx, { id, why: { rule: 'close_after_days', days } })
    return rows.length
  })
}
