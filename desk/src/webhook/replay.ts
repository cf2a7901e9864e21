import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError, found, lastPlace, record, type Tx } from '../activity/index.ts'
import { testBody } from './message.ts'
import { keepDeliveries } from './read-feed.ts'

const MOST_REPLAYED = 10_000

/** Sends a message that ended once more: the same bytes under the same id, so that a receiver can tell. */
export async function replayDelivery(tx: Tx, webhookId: string, id: string): Promise<void> {
  await demandOn(tx, webhookId)
  const { rows } = await sql<{ state: string }>`
    select state from webhook_delivery where id = ${id} and webhook_id = ${webhookId} for update`.execute(
    tx.db,
  )
  const { state } = found(rows[0], 'message')
  if (state === 'waiting' || state === 'leased')
    throw new DeskError('conflict', 'This message waits to be sent already.')
  await requeue(tx, sql`id = ${id}`)
  await say(tx, webhookId, { delivery: id })
}

/** Sends again what failed of what was kept from one instant to another, in its order. Answers how much that is. */
export async function replayFailed(
  tx: Tx,
  webhookId: string,
  { from, to }: { from: Date; to: Date },
): Promise<number> {
  if (to <= from)
    throw new DeskError('invalid', 'The period is empty.', {
      errors: [{ path: 'to', message: 'must lie after from' }],
    })
  await demandOn(tx, webhookId)
  const replayed = await requeue(
    tx,
    sql`id in (select id from webhook_delivery where webhook_id = ${webhookId} and state = 'failed'
          and created_at >= ${from} and created_at < ${to} order by id limit ${MOST_REPLAYED} for update skip locked)`,
  )
  await say(tx, webhookId, { from: from.toISOString(), to: to.toISOString(), messages: replayed })
  return replayed
}

/** Queues a message about nothing, to see whether it arrives. Answers its id. */
export async function testWebhook(tx: Tx, webhookId: string): Promise<string> {
  await demandOn(tx, webhookId)
  const place = await lastPlace(tx.db)
  const test = { webhook_id: webhookId, activity_id: null, ticket_id: null, place, stopped: false }
  const [id] = await keepDeliveries(tx, [{ ...test, ...testBody(tx.now) }])
  return id!
}

async function demandOn(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{ state: string }>`
    select state from webhook where id = ${id} and archived_at is null for key share`.execute(tx.db)
  if (found(rows[0], 'webhook').state !== 'on')
    throw new DeskError('conflict', 'The webhook is not on. Switch it on before you send anything.')
}

async function requeue(tx: Tx, which: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql`
    update webhook_delivery set state = 'waiting', attempts = 0, due_at = ${tx.now}, ended_at = null, reason = null
    where ${which} returning id`.execute(tx.db)
  if (rows.length > 0) await sql`select pg_notify('due', 'webhooks')`.execute(tx.db)
  return rows.length
}

const say = (tx: Tx, id: string, after: Record<string, unknown>) =>
  record(tx, [{ verb: 'replay', subject: { kind: 'webhook', id }, after, visibility: 'audit' }])

const KEPT_DAYS = 30
const SHARE = 5_000

/** Forgets what ended more than thirty days ago. */
export async function forgetDeliveries(db: Db): Promise<number> {
  const { rows } = await sql`
    delete from webhook_delivery where id in (
      select id from webhook_delivery where created_at < (select tocsin_now()) - make_interval(days => ${KEPT_DAYS})
        and state in ('delivered', 'failed') order by created_at limit ${SHARE})
    returning id`.execute(db)
  return rows.length
}
