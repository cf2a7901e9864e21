import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { type ActivityRow, followRecord, lastPlace, readFeed, type Tx } from '../activity/index.ts'
import { compileTrigger, momentOf, readTriggerFacts, ticketTold } from '../trigger/index.ts'
import { type Wants, wantsLine, wantsOf } from './choose.ts'
import { bodyOf, messageOf, readToldMessages, readToldTickets } from './message.ts'

const READER = 'webhooks'
const BATCH = 500

type Live = Wants & { state: 'on' | 'stopped'; condition: string }

/** Reads the record on and writes a message for each webhook that asked for a line. */
export const readWebhookLines = (db: Db, publicUrl: string): Promise<number> =>
  followRecord(db, READER, (tx, from) => readOn(tx, from, publicUrl))

async function readOn(tx: Tx, from: number, publicUrl: string) {
  const live = await liveWebhooks(tx)
  // What nobody asks for is not read: the place goes on to where the first of them begins.
  const begins = live.length === 0 ? await lastPlace(tx.db) : Math.min(...live.map((one) => one.from_place))
  const lines = live.length === 0 ? [] : await readFeed(tx.db, Math.max(from, begins), BATCH)
  await keepMessages(tx, live, lines, publicUrl)
  return { place: lines.at(-1)?.place ?? Math.max(from, begins), lines: lines.length }
}

async function liveWebhooks(tx: Tx): Promise<Live[]> {
  const { rows } = await sql<Live>`
    select id, from_place, verbs, kinds, team_ids, condition, notes, confidential, state from webhook
    where archived_at is null and state <> 'off'`.execute(tx.db)
  return rows.map((row) => ({
    ...row,
    when: row.condition === '' ? null : compileTrigger(row.condition, 'bool'),
  }))
}

async function keepMessages(tx: Tx, live: Live[], lines: ActivityRow[], publicUrl: string): Promise<void> {
  const asked = lines.flatMap((line) =>
    live
      .filter((one) => wantsLine(one, line))
      .map((webhook) => ({ webhook, line, ticketId: ticketTold(line)! })),
  )
  if (asked.length === 0) return
  const tickets = await readToldTickets(tx.db, [...new Set(asked.map(({ ticketId }) => ticketId))])
  const conditional = new Set(asked.filter(({ webhook }) => webhook.when).map(({ line }) => line))
  const facts = await readTriggerFacts(tx.db, [...conditional].map(momentOf))
  const wanted = asked.filter(({ webhook, line, ticketId }) => {
    const ticket = tickets.get(ticketId)
    return ticket !== undefined && wantsOf(webhook, ticket, facts.get(line.id))
  })
  const messages = await readToldMessages(tx.db, [
    ...new Set(wanted.flatMap(({ line }) => messageOf(line) ?? [])),
  ])
  const bodies = new Map(
    wanted.map(({ line, ticketId }) => [
      line.id,
      bodyOf(line, tickets.get(ticketId)!, messages.get(messageOf(line) ?? ''), publicUrl),
    ]),
  )
  await keepDeliveries(
    tx,
    wanted.map(({ webhook, line, ticketId }) => ({
      webhook_id: webhook.id,
      activity_id: line.id,
      ticket_id: ticketId,
      place: line.place,
      stopped: webhook.state === 'stopped',
      ...bodies.get(line.id)!,
    })),
  )
}

export interface NewDelivery {
  webhook_id: string
  activity_id: string | null
  ticket_id: string | null
  place: number
  /** The desk has given the receiver up: kept as failed, for whoever replays. */
  stopped: boolean
  type: string
  body: string
}

/** Puts messages in the queue. Behind another of the same ticket that waits to be tried again, it waits as long. */
export async function keepDeliveries(tx: Tx, given: NewDelivery[]): Promise<string[]> {
  if (given.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    insert into webhook_delivery (webhook_id, activity_id, ticket_id, place, type, body, state, reason, due_at, created_at, ended_at)
    select g.webhook_id, g.activity_id, g.ticket_id, g.place, g.type, g.body,
      case when g.stopped then 'failed' else 'waiting' end, case when g.stopped then 'stopped' end,
      greatest(${tx.now}::timestamptz(3), (select max(e.due_at) from webhook_delivery e
        where e.webhook_id = g.webhook_id and e.ticket_id = g.ticket_id and e.state in ('waiting', 'leased'))),
      ${tx.now}, case when g.stopped then ${tx.now}::timestamptz(3) end
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      as g(webhook_id uuid, activity_id uuid, ticket_id uuid, place bigint, stopped boolean, type text, body text)
    order by g.place
    on conflict (webhook_id, activity_id) do nothing returning id`.execute(tx.db)
  if (rows.length > 0) await sql`select pg_notify('due', 'webhooks')`.execute(tx.db)
  return rows.map(({ id }) => id)
}
