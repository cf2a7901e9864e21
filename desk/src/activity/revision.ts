import { sql } from 'kysely'
import { found } from './errors.ts'
import type { Tx } from './transact.ts'

/**
 * Takes the next revision of a ticket, for a line on its timeline that changes nothing else of it. The row
 * stays locked until commit, so revisions and commits have one order.
 */
export async function nextRevision(tx: Tx, ticketId: string): Promise<number> {
  const { rows } = await sql<{ revision: number }>`
    update ticket set revision = revision + 1, updated_at = greatest(updated_at, ${tx.now}::timestamptz(3))
    where id = ${ticketId} returning revision`.execute(tx.db)
  return found(rows[0], 'ticket').revision
}

/** The same for many tickets in one statement. Answers revisions by ticket id. */
export async function nextRevisions(tx: Tx, ticketIds: string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; revision: number }>`
    update ticket t set revision = t.revision + 1, updated_at = greatest(t.updated_at, ${tx.now}::timestamptz(3))
    from (select id from ticket where id = any(${ticketIds}::uuid[]) order by id for update) l
    where t.id = l.id returning t.id, t.revision`.execute(tx.db)
  return new Map(rows.map((row) => [row.id, row.revision]))
}
