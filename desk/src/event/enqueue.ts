import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Event, Unread } from './schema.ts'

// Any slot will do: they only keep writers of one count out of each other's way.
const SLOTS = 32_000

/** A message that the desk itself puts into an integration's queue, kept and counted like one that was sent. */
export interface OwnMessage {
  integrationId: string
  event: Event | Unread
  /** What is kept as its body. */
  body: string
  headers?: Record<string, string>
}

/** Keeps these messages as receipts and lets the workers know. Answers the receipts' ids, in the same order. */
export async function enqueueMessages(tx: Tx, messages: OwnMessage[]): Promise<string[]> {
  if (messages.length === 0) return []
  const given = messages.map(({ integrationId, event, body, headers = {} }, position) => ({
    position,
    integration_id: integrationId,
    events: [event],
    body,
    headers,
  }))
  const { rows } = await sql<{ id: string }>`
    with given as materialized (
      select uuidv7() as id, g.* from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
        as g(position int, integration_id uuid, events jsonb, body text, headers jsonb)
      order by position
    ), kept as (
      insert into receipt (id, received_at, integration_id, outcome, answer_status, content_type, headers, body, event_count)
      select id, ${tx.now}, integration_id, 'accepted', 202, 'application/json', headers, convert_to(body, 'UTF8'), 1 from given
    ), waiting as (
      insert into receipt_waiting (integration_id, receipt_id, received_at, event_count, events)
      select integration_id, id, ${tx.now}, 1, events from given order by position
    ), counted as (
      insert into tally as t (integration_id, minute, bucket, slot, count)
      select integration_id, date_trunc('minute', ${tx.now}::timestamptz), 'received', ${randomInt(SLOTS)}, count(*)
      from given group by integration_id order by integration_id
      on conflict (integration_id, minute, bucket, slot) do update set count = t.count + excluded.count
    ), told as (select pg_notify('receipts', ''))
    select id from given, told order by position`.execute(tx.db)
  return rows.map((row) => row.id)
}
