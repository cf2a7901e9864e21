import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { bodyOf, searchWith } from '../ticket/index.ts'
import type { Wish } from './wish.ts'

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

interface Saying {
  ticket: { id: string }
  wish: Wish
}

/** Writes the same words to each ticket; answers the messages by ticket, and what the tickets are found by from now on. */
export async function writeMessages(
  tx: Tx,
  kind: 'note' | 'reply',
  plans: Saying[],
): Promise<{ ids: Map<string, string>; search: RawBuilder<string> }> {
  const body = bodyOf(plans[0]!.wish[kind]!, kind)
  const { rows } = await sql<{ id: string; ticket_id: string }>`
    insert into message (ticket_id, author_id, kind, from_requester, body, channel, created_at)
    select id, ${tx.actor.id}::uuid, ${kind}, false, ${body}, 'desk', ${tx.now}::timestamptz(3)
    from unnest(${plans.map(({ ticket }) => ticket.id)}::uuid[]) as i(id)
    returning id, ticket_id`.execute(tx.db)
  return {
    ids: new Map(rows.map((row) => [row.ticket_id, row.id])),
    search: searchWith(kind, body, sql.ref('t.search')),
  }
}
