import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'

/** Keeps that rules led to a ticket: whatever the clock does to it later is an effect of theirs. */
export async function keepOpened(tx: Tx, ticketId: string): Promise<void> {
  const { chain } = tx.cause as unknown as { chain: string[] }
  await sql`
    insert into automation_opened (ticket_id, chain) values (${ticketId}, ${chain}::uuid[])`.execute(tx.db)
}

/** The rules that led to tickets, the first first; those that no rule opened are left out. */
export async function chainsOfOpened(
  { db }: Pick<Tx, 'db'>,
  tickets: readonly string[],
): Promise<Map<string, string[]>> {
  if (tickets.length === 0) return new Map()
  const { rows } = await sql<{ ticket_id: string; chain: string[] }>`
    select ticket_id, chain from automation_opened where ticket_id = any(${[...new Set(tickets)]}::uuid[])`.execute(
    db,
  )
  return new Map(rows.map(({ ticket_id, chain }) => [ticket_id, chain]))
}
