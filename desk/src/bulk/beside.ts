import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Ticket } from '../ticket/index.ts'

/** Puts tags on tickets, or takes them away: by ticket, the tags of its line. */
export async function writeTags(
  tx: Tx,
  part: 'tag' | 'untag',
  tags: Map<string, Record<string, unknown>>,
): Promise<void> {
  const given = [...tags].flatMap(([ticket_id, { tags: ids }]) =>
    (ids as string[]).map((tag_id) => ({ ticket_id, tag_id })),
  )
  const pairs = sql`jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(ticket_id uuid, tag_id uuid)`
  await (
    part === 'tag'
      ? sql`insert into ticket_tag (ticket_id, tag_id, created_at) select ticket_id, tag_id, ${tx.now} from ${pairs}
          on conflict do nothing`
      : sql`delete from ticket_tag x using ${pairs} where x.ticket_id = g.ticket_id and x.tag_id = g.tag_id`
  ).execute(tx.db)
}

/** Keeps the answers that tickets have, beside the record, before they change. Answers where, by ticket. */
export async function keepAnswers(
  tx: Tx,
  tickets: Pick<Ticket, 'id' | 'fields'>[],
): Promise<Map<string, string>> {
  if (tickets.length === 0) return new Map()
  const rows = tickets.map(({ id, fields }) => ({ ticket_id: id, body: JSON.stringify(fields) }))
  const { rows: kept } = await sql<{ id: string; ticket_id: string }>`
    insert into wording (ticket_id, field, body, created_at)
    select ticket_id, 'fields', body, ${tx.now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(ticket_id uuid, body text)
    returning id, ticket_id`.execute(tx.db)
  return new Map(kept.map(({ id, ticket_id }) => [ticket_id, id]))
}
