import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { recordOnTickets, SYSTEM, transact } from '../activity/index.ts'

/** So many open parts make a P1 incident a candidate by itself. */
const PARTS_OF_MAJOR = 3

const BATCH = 100

/**
 * Proposes what looks like a major incident: P1, with open parts. What a person rejected is not proposed again; the
 * row's key lets one engine alone propose it.
 */
export async function sweepMajors(db: Db): Promise<number> {
  return transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ id: string; why: object }>`
      insert into major_incident (ticket_id, state, proposed_at, why)
      select t.id, 'candidate', ${tx.now},
        jsonb_build_object('rule', 'open_parts', 'priority', t.priority, 'parts', c.parts, 'at_least', ${PARTS_OF_MAJOR}::int)
      from (select parent_id, count(*) as parts from ticket
            where parent_id is not null and state not in ('resolved', 'closed', 'cancelled')
            group by parent_id having count(*) >= ${PARTS_OF_MAJOR}::int) c
      join ticket t on t.id = c.parent_id
      where t.kind = 'incident' and t.priority = 'P1' and t.state not in ('resolved', 'closed', 'cancelled')
        and not exists (select from major_incident m where m.ticket_id = t.id)
      order by t.id limit ${BATCH} for update of t skip locked
      on conflict do nothing
      returning ticket_id as id, why`.execute(tx.db)
    await recordOnTickets(
      tx,
      rows.map(({ id, why }) => ({
        ticketId: id,
        verb: 'propose-major',
        subject: { kind: 'ticket', id },
        before: { major: null },
        after: { major: 'candidate' },
        why,
      })),
    )
    return rows.length
  })
}
