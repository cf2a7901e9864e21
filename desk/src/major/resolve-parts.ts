import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { type Reader, ticketWorkable } from '../auth/index.ts'
import { replyToTicket, resolveTicket } from '../ticket/index.ts'

/** As many as one act may end: each has its clocks to stop and its lines to write. */
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
  const cause = { kind: 'ticket', id }
  for (const part of parts) {
    // oxlint-disable-next-line no-await-in-loop -- one transaction: the clocks of each follow its own history
    if (reply?.trim()) await replyToTicket(tx, { id: part.id, body: reply, cause })
    // oxlint-disable-next-line no-await-in-loop -- as above
    await resolveTicket(tx, { id: part.id, code, cause })
  }
}
