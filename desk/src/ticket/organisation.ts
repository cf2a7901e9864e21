import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Ticket } from './change.ts'

/**
 * Where a ticket belongs with another requester: to that one's organisation, unless it was opened for another than
 * the former requester's.
 */
export async function organisationWith(
  tx: Tx,
  { organisation_id: held, requester_id: former }: Pick<Ticket, 'organisation_id' | 'requester_id'>,
  requesterId: string | null,
): Promise<{ organisation_id?: string | null }> {
  const { rows } = await sql<{ was: string | null; is: string | null }>`
    select (select organisation_id from person where id = ${former}::uuid) as was,
           (select organisation_id from person where id = ${requesterId}::uuid) as is`.execute(tx.db)
  const { was, is } = rows[0]!
  return held === was && is !== held ? { organisation_id: is } : {}
}
