import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { record, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { type Reached, tellOfThing } from '../notify/index.ts'
import { decideFate, type Fate } from './fate.ts'
import type { LeasedMessage } from './lease.ts'

/** Writes down what came of an attempt, and what becomes of its message and of its webhook; nothing once another took it. */
export async function settleMessage(
  db: Db,
  message: LeasedMessage,
  reached: Reached,
  durationMs: number,
): Promise<Fate['kind'] | 'taken'> {
  let webhook: Held | undefined
  return transact(
    db,
    SYSTEM,
    async (tx) => {
      const fate = decideFate(reached, { attempt: message.attempts, givenUp: webhook?.failed_in_a_row ?? 0 })
      if (!(await end(tx, message, fate))) return 'taken'
      await keepAttempt(tx, message, reached, durationMs)
      if (webhook) await heed(tx, webhook, message, fate)
      return fate.kind
    },
    async (trx) => {
      const { rows } = await sql<Held>`
        select id, state, failed_in_a_row, author_id from webhook where id = ${message.webhook_id} for no key update`.execute(
        trx,
      )
      webhook = rows[0]
    },
  )
}

interface Held {
  id: string
  state: 'on' | 'off' | 'stopped'
  failed_in_a_row: number
  author_id: string | null
}

async function end(tx: Tx, { id, lease_until }: LeasedMessage, fate: Fate): Promise<boolean> {
  const state = fate.kind === 'again' ? 'waiting' : fate.kind
  const reason = fate.kind === 'delivered' ? null : fate.reason
  const waitMs = fate.kind === 'again' ? fate.waitMs : 0
  const { rows } = await sql<{ webhook_id: string; ticket_id: string | null; due_at: Date }>`
    update webhook_delivery set state = ${state}, reason = ${reason}, lease_until = null,
      due_at = case when ${state} = 'waiting' then ${tx.now}::timestamptz(3) + ${waitMs} * interval '1 millisecond' else due_at end,
      ended_at = case when ${state} <> 'waiting' then ${tx.now}::timestamptz(3) end
    where id = ${id} and state = 'leased' and lease_until = ${lease_until}::timestamptz(3)
    returning webhook_id, ticket_id, due_at`.execute(tx.db)
  const ended = rows[0]
  if (!ended) return false
  // What comes behind it in its ticket need not be looked at before it.
  if (fate.kind === 'again')
    await sql`
      update webhook_delivery set due_at = ${ended.due_at} where webhook_id = ${ended.webhook_id}
        and ticket_id = ${ended.ticket_id} and state = 'waiting' and due_at < ${ended.due_at}`.execute(tx.db)
  else
    await sql`
      update webhook_delivery set due_at = ${tx.now} where webhook_id = ${ended.webhook_id}
        and ticket_id = ${ended.ticket_id} and state = 'waiting' and attempts = 0 and due_at > ${tx.now}`.execute(
      tx.db,
    )
  return true
}

async function keepAttempt(
  tx: Tx,
  { id }: LeasedMessage,
  reached: Reached,
  durationMs: number,
): Promise<void> {
  const { status } = reached
  const answer = status === null ? (reached.detail ?? '') : reached.answer
  const ok = status !== null && status >= 200 && status < 300
  await sql`
    insert into webhook_attempt (delivery_id, at, ok, status, reason, duration_ms, answer)
    values (${id}, ${tx.now}, ${ok}, ${status}, ${status === null ? reached.reason : null}, ${durationMs},
      ${answer.replaceAll('\u0000', '')})
    on conflict do nothing`.execute(tx.db)
}

/** Counts what was given up, and stops a webhook where nothing arrives any more; whoever made it is told. */
async function heed(tx: Tx, webhook: Held, { id }: LeasedMessage, fate: Fate): Promise<void> {
  if (fate.kind === 'again') return fate.hold ? hold(tx, webhook.id, fate.waitMs) : undefined
  if (fate.kind === 'delivered') {
    if (webhook.failed_in_a_row > 0)
      await sql`update webhook set failed_in_a_row = 0 where id = ${webhook.id}`.execute(tx.db)
    return
  }
  const stops = fate.stop && webhook.state === 'on'
  await sql`
    update webhook set failed_in_a_row = failed_in_a_row + 1,
      state = case when ${stops} then 'stopped' else state end,
      stopped_at = case when ${stops} then ${tx.now}::timestamptz(3) else stopped_at end
    where id = ${webhook.id}`.execute(tx.db)
  if (!stops) return
  const [line] = await record(tx, [
    {
      verb: 'stop',
      subject: { kind: 'webhook', id: webhook.id },
      before: { state: 'on' },
      after: { state: 'stopped', delivery: id },
      why: { reason: fate.reason, given_up: webhook.failed_in_a_row + 1 },
      visibility: 'audit',
    },
  ])
  await tellOfThing(tx, { template: 'webhook-stopped', activityId: line!, personId: webhook.author_id })
}

async function hold(tx: Tx, webhook: string, waitMs: number): Promise<void> {
  await sql`
    update webhook set wait_until = greatest(wait_until, ${new Date(tx.now.getTime() + waitMs)}::timestamptz(3))
    where id = ${webhook}`.execute(tx.db)
}
