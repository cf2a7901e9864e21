import { sql } from 'kysely'
import { type Line, record } from './record.ts'
import type { Tx } from './transact.ts'

export type TimelineLine = Omit<Line, 'ticket'> & { ticketId: string }

/**
 * Writes lines that stand on tickets' timelines but change no column of the tickets. Each line takes the next
 * revision of its ticket, in the order given; all in two statements.
 */
export async function recordOnTickets(tx: Tx, lines: TimelineLine[]): Promise<string[]> {
  if (lines.length === 0) return []
  const { rows } = await sql<{ id: string; revision: number; count: number }>`
    update ticket t set revision = t.revision + g.count, updated_at = greatest(t.updated_at, ${tx.now}::timestamptz(3))
    from (select t.id, n.count::int as count
          from (select ticket_id::uuid, count(*) from unnest(${lines.map((line) => line.ticketId)}::text[]) as l(ticket_id)
                group by 1) n
          join ticket t on t.id = n.ticket_id order by t.id for update of t) g
    where t.id = g.id returning t.id, t.revision, g.count`.execute(tx.db)
  const next = new Map(rows.map((row) => [row.id, row.revision - row.count + 1]))
  return record(
    tx,
    lines.map(({ ticketId, ...line }) => {
      const revision = next.get(ticketId)!
      next.set(ticketId, revision + 1)
      return { ...line, ticket: { id: ticketId, revision } }
    }),
  )
}
