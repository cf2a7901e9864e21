import { setTimeout as pause } from 'node:timers/promises'
import { type Db, listen } from '@tocsin/db'
import type { Logger } from '@tocsin/db/process'
import {
  decideReceipts,
  type Received,
  transact,
  type Tx,
  type Unopened,
  unreadable,
  type WaitingReceipt,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { type BatchSize, batchSize } from './batch-size.ts'
import { type Gathering, gathering } from './gather.ts'
import { open } from './open.ts'
import { readAgain, type Source } from './read-again.ts'

// One transaction's worth: large enough to be set-based, small enough that other integrations wait for little.
const RECEIPTS = 10_000
const EVENTS = 10_000
const POLL_MS = 500

interface Row {
  seq: number
  receipt_id: string
  received_at: Date
  event_count: number
  events: Received[] | Unopened
  /** Of one that waits unopened; null: it is older than requests are kept. */
  body: Buffer | null
}

/**
 * Decides the next receipts of one integration, unless another worker is at it. The lock is the
 * transaction's: it goes with the process that held it. Answers how many were decided. `givenUp` sets the
 * events aside as dead letters instead, with this reason.
 */
export async function workIntegration(
  db: Db,
  integrationId: string,
  { most = RECEIPTS, events = EVENTS, givenUp }: { most?: number; events?: number; givenUp?: string } = {},
): Promise<{ receipts: number; events: number }> {
  let mine = false
  return transact(
    db,
    { kind: 'integration', id: integrationId },
    async (tx) => {
      if (!mine) return { receipts: 0, events: 0 }
      const { rows } = await sql<Row & Source>`
        select w.seq, w.receipt_id, w.received_at, w.event_count, w.events, i.system, i.settings -> 'mapping' as mapping, i.settings -> 'mail_rules' as mail_rules,
          i.settings ->> 'time_zone' as zone,
          -- One by one: joined, Postgres may think it better to read all receipts there are.
          case when json_typeof(w.events) = 'object' then
            (select r.body from receipt r where r.id = w.receipt_id and r.received_at = w.received_at) end as body
        from (select *, sum(event_count) over (order by seq) - event_count as before
              from (select * from receipt_waiting where integration_id = ${integrationId} order by seq limit ${most}) q) w
        join integration i on i.id = w.integration_id
        where w.before < ${events} order by w.seq`.execute(tx.db)
      if (rows.length === 0) return { receipts: 0, events: 0 }
      const receipts: WaitingReceipt[] = []
      for (const row of rows) receipts.push(await readReceipt(row, givenUp))
      await countMore(tx, integrationId, rows, receipts)
      await decideReceipts(tx, integrationId, receipts)
      return {
        receipts: rows.length,
        events: receipts.reduce((sum, receipt) => sum + receipt.events.length, 0),
      }
    },
    async (trx) => {
      const { rows } = await sql<{ mine: boolean }>`
        select pg_try_advisory_xact_lock(hashtextextended(${integrationId}, 0)) as mine`.execute(trx)
      mine = rows[0]!.mine
    },
  )
}

async function readReceipt(row: Row & Source, givenUp: string | undefined): Promise<WaitingReceipt> {
  const events: WaitingReceipt['events'] = []
  const waiting = Array.isArray(row.events) ? row.events : open(row, row.events)
  for (const event of waiting)
    if (givenUp) events.push(unreadable(event, givenUp))
    else if (event.kind === 'unread') events.push(...(await readAgain(row, event, row.received_at)))
    else events.push(event)
  const readAnew =
    givenUp !== undefined || waiting !== row.events || waiting.some(({ kind }) => kind === 'unread')
  return { seq: row.seq, receiptId: row.receipt_id, receivedAt: row.received_at, events, readAnew }
}

/** A dead letter counted as one when it went round again: what it holds beyond that is received now. */
async function countMore(
  tx: Tx,
  integrationId: string,
  rows: Row[],
  receipts: WaitingReceipt[],
): Promise<void> {
  const more = receipts.flatMap(({ receiptId, receivedAt, events }, at) => {
    const count = events.length - rows[at]!.event_count
    return count > 0 ? [{ id: receiptId, received_at: receivedAt, count }] : []
  })
  if (more.length === 0) return
  await sql`
    with more as (
      select * from jsonb_to_recordset(${JSON.stringify(more)}::jsonb) as m(id uuid, received_at timestamptz, count int)
    ), held as (
      update receipt r set event_count = r.event_count + m.count from more m
      where r.id = m.id and r.received_at = m.received_at
    )
    insert into tally as t (integration_id, minute, bucket, count)
    select ${integrationId}, date_trunc('minute', ${tx.now}::timestamptz), 'received', sum(count) from more
    on conflict (integration_id, minute, bucket, slot) do update set count = t.count + excluded.count`.execute(
    tx.db,
  )
}

/** Integrations with something waiting, found by hopping through the index, whatever the backlog. */
export async function waitingIntegrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive queue as (
      (select integration_id as id from receipt_waiting order by integration_id limit 1)
      union all
      select (select w.integration_id from receipt_waiting w where w.integration_id > q.id order by w.integration_id limit 1)
      from queue q where q.id is not null
    )
    select id from queue where id is not null`.execute(db)
  return rows.map((row) => row.id)
}

export interface WorkerOptions {
  db: Db
  databaseUrl: string
  log: Logger
  registry: Registry
  signal: AbortSignal
}

/**
 * Works until `signal` aborts: round after round over the integrations that wait, one batch each, so that a
 * storm in one holds nobody else up. Woken by the door, and every half second.
 */
export async function runWorker({ db, databaseUrl, log, registry, signal }: WorkerOptions): Promise<void> {
  const metrics = workerMetrics(registry)
  const size = batchSize()
  const gathered = gathering()
  let wake = () => {}
  const listener = await listen(databaseUrl, ['receipts'], () => wake())
  while (!signal.aborted) {
    const woken = new Promise<void>((resolve) => (wake = resolve))
    const decided = await round(db, log, metrics, signal, size, gathered)
    if (decided > 0) continue
    const waiting = new AbortController()
    await Promise.race([
      woken,
      pause(Math.min(POLL_MS, gathered.rest()), undefined, {
        signal: AbortSignal.any([signal, waiting.signal]),
      }).catch(() => {}),
    ])
    waiting.abort()
  }
  await listener.close()
}

type Metrics = ReturnType<typeof workerMetrics>

async function round(
  db: Db,
  log: Logger,
  metrics: Metrics,
  signal: AbortSignal,
  size: BatchSize,
  gathered: Gathering,
): Promise<number> {
  let decided = 0
  try {
    const integrations = await waitingIntegrations(db)
    metrics.integrations.set(integrations.length)
    for (const id of integrations) {
      if (signal.aborted) break
      if (!gathered.begins(id)) continue
      const end = metrics.seconds.startTimer()
      const { receipts, events } = await workPatiently(db, id, log, metrics, size.next(id))
      if (receipts === 0) continue
      size.took(id, events, end() * 1_000)
      decided += receipts
      metrics.events.inc(events)
      log.debug({ integration: id, receipts, events }, 'decided')
    }
  } catch (error) {
    // Rolled back whole: the receipts still wait. A pause, so that a lasting trouble does not spin.
    log.error({ err: error }, 'the queue could not be worked')
    metrics.failures.inc()
    await pause(POLL_MS)
  }
  return decided
}

// What Postgres says about values, not about itself: trying again would say it again.
const isRefusal = (error: unknown): boolean => /^(22|23|54)/.test((error as { code?: string }).code ?? '')

/** A batch that Postgres refuses is tried receipt by receipt, and the one that it refuses alone is set aside. */
async function workPatiently(
  db: Db,
  id: string,
  log: Logger,
  metrics: Metrics,
  most: number,
): ReturnType<typeof workIntegration> {
  try {
    return await workIntegration(db, id, { events: most })
  } catch (error) {
    if (!isRefusal(error)) throw error
    metrics.failures.inc()
    log.error({ err: error, integration: id }, 'a batch was refused')
  }
  try {
    return await workIntegration(db, id, { most: 1 })
  } catch (error) {
    if (!isRefusal(error)) throw error
    return workIntegration(db, id, {
      most: 1,
      givenUp: `It could not be stored: ${(error as Error).message}`,
    })
  }
}

function workerMetrics(registry: Registry) {
  const registers = [registry]
  return {
    integrations: new Gauge({
      name: 'worker_waiting_integrations',
      help: 'Integrations with receipts waiting.',
      registers,
    }),
    events: new Counter({ name: 'worker_events_total', help: 'Events decided.', registers }),
    failures: new Counter({ name: 'worker_failures_total', help: 'Batches rolled back.', registers }),
    seconds: new Histogram({
      name: 'worker_batch_duration_seconds',
      help: 'Time to decide one batch of receipts.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
      registers,
    }),
  }
}
