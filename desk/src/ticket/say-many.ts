import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { bodyOf, searchWith } from './say.ts'

/** Writes the same words to each of these locked tickets; answers the messages by ticket, and what they are found by then. */
export async function writeMessages(
  tx: Tx,
  kind: 'note' | 'reply',
  said: string,
  ticketIds: string[],
): Promise<{ ids: Map<string, string>; search: RawBuilder<string> }> {
  const body = bodyOf(said, kind)
  const { rows } = await sql<{ id: string; ticket_id: string }>`
    insert into message (ticket_id, author_id, kind, from_requester, body, channel, created_at)
    select id, ${tx.actor.kind === 'person' ? tx.actor.id : null}::uuid, ${kind}, false, ${body}, 'desk', ${tx.now}::timestamptz(3)
    from unnest(${ticketIds}::uuid[]) as i(id)
    returning id, ticket_id`.execute(tx.db)
  return {
    ids: new Map(rows.map((row) => [row.ticket_id, row.id])),
    search: searchWith(kind, body, sql.ref('t.search')),
  }
}
