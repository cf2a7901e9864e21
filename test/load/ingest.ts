import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Db } from '@tocsin/db'
import { readAccounting } from '@tocsin/desk'
import autocannon from 'autocannon'
import { sql } from 'kysely'
import { anIntegration } from '../harness/door.ts'
import { startProcess } from '../harness/own-process.ts'
import { until } from '../harness/until.ts'
import { percentile, tell } from './figures.ts'
import { overPostgres } from './own-postgres.ts'

// Receipts committed a second: our door against one transaction for each request, interleaved in one run on
// one durable Postgres, and how long it takes from a firing alert's POST to its incident.
const RUNS = 3
const SECONDS = 4
const CONNECTIONS = 128
const SAMPLES = 200
const LEAST_GAIN = { 1: 4, 20: 5 }

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Prints rates and latencies, and answers whether group commit gained what it should. */
export const benchIngest = (): Promise<boolean> =>
  overPostgres(async ({ db, url }) => {
    const within = await compareDoors(db, url)
    const balanced = await measureWorker(db, url)
    await measureLatency(db, url)
    return within && balanced
  })

async function compareDoors(db: Db, databaseUrl: string): Promise<boolean> {
  let within = true
  const ours = await startProcess('ingest', databaseUrl)
  const plain = await startPlainDoor(databaseUrl)
  const { key } = await anIntegration(db, { system: 'alertmanager' })
  for (const alerts of [1, 20] as const) {
    const rates: Record<'ours' | 'plain', { rate: number; p99: number }[]> = { ours: [], plain: [] }
    for (let run = 0; run <= RUNS; run++)
      for (const [name, url] of [
        ['ours', ours.url],
        ['plain', plain.url],
      ] as const) {
        const measured = await load(`${url}/v1/alertmanager/${key}`, alerts)
        // The first of each is the warm-up. Nobody works the queue here: receipts alone are measured.
        if (run > 0) rates[name].push(measured)
        await sql`delete from receipt_waiting`.execute(db)
      }
    const rate = (name: 'ours' | 'plain') => median(rates[name].map((one) => one.rate))
    const p99 = (name: 'ours' | 'plain') => median(rates[name].map((one) => one.p99))
    const least = LEAST_GAIN[alerts]
    within =
      tell(
        {
          figure: `group commit against one transaction each, ${alerts} alert(s) a body`,
          measured: Number((rate('ours') / rate('plain')).toFixed(1)),
          unit: '×',
          least,
        },
        `${Math.round(rate('ours'))} against ${Math.round(rate('plain'))} requests/s, ${Math.round(rate('ours') * alerts)} alerts/s, p99 ${p99('ours')} against ${p99('plain')} ms`,
      ) && within
  }
  await Promise.all([ours.stop(), plain.stop()])
  return within
}

async function load(url: string, alerts: number): Promise<{ rate: number; p99: number }> {
  const result = await autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alertmanagerBody(alerts)),
    connections: CONNECTIONS,
    duration: SECONDS,
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} refusals and ${result.errors} errors at ${url}`)
  return { rate: result['2xx'] / result.duration, p99: result.latency.p99 }
}

function alertmanagerBody(alerts: number) {
  return {
    version: '4',
    groupKey: '{}:{alertname="InstanceDown"}',
    status: 'firing',
    receiver: 'tocsin',
    groupLabels: { alertname: 'InstanceDown' },
    commonLabels: { alertname: 'InstanceDown', severity: 'critical' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.internal:9093',
    truncatedAlerts: 0,
    alerts: Array.from({ length: alerts }, (_, n) => ({
      status: 'firing',
      labels: {
        alertname: 'InstanceDown',
        instance: `web-${n}:9100`,
        job: 'web',
        severity: 'critical',
        service: 'shop',
      },
      annotations: {
        summary: `web-${n} does not answer`,
        runbook: 'https://runbooks.internal/instance-down',
      },
      startsAt: '2026-03-02T04:11:09.512Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.internal:9090/graph?g0.expr=up',
      fingerprint: `5f1c0b7de2a9${n.toString(16).padStart(4, '0')}`,
    })),
  }
}

/** The same door, one transaction for each request. */
async function startPlainDoor(databaseUrl: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const main = fileURLToPath(new URL('one-transaction.ts', import.meta.url))
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  const stop = async () => {
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  return { url: `http://127.0.0.1:${port.toString().trim()}`, stop }
}

/** How fast a backlog of repeats is decided, by one engine. */
async function measureWorker(db: Db, databaseUrl: string): Promise<boolean> {
  const door = await startProcess('ingest', databaseUrl)
  const { id, key } = await anIntegration(db, { system: 'alertmanager' })
  await load(`${door.url}/v1/alertmanager/${key}`, 20)
  await door.stop()
  const { waiting } = await readAccounting(db, id)
  const engine = await startProcess('engine', databaseUrl)
  const started = performance.now()
  const left = (await readAccounting(db, id)).waiting
  const account = await until(
    async () => {
      const read = await readAccounting(db, id)
      return read.waiting === 0 ? read : undefined
    },
    { deadline: 120_000, every: 100, what: 'the backlog is decided' },
  )
  const seconds = (performance.now() - started) / 1000
  tell(
    { figure: 'events decided by one engine', measured: Math.round(left / seconds), unit: '/s' },
    `${waiting} waited; account ${account.balanced ? 'balanced' : 'NOT BALANCED'}`,
  )
  await engine.stop()
  return account.balanced
}

async function measureLatency(db: Db, databaseUrl: string): Promise<void> {
  const [door, engine] = await Promise.all([
    startProcess('ingest', databaseUrl),
    startProcess('engine', databaseUrl),
  ])
  const { key } = await anIntegration(db)
  const took: number[] = []
  for (let n = 0; n < SAMPLES; n++) {
    const dedup_key = `latency-${n}`
    const started = performance.now()
    await fetch(`${door.url}/v1/events/${key}`, {
      method: 'POST',
      body: JSON.stringify({ title: 'x', dedup_key }),
    })
    const opened = async () =>
      (await db.selectFrom('alert').select('ticket_id').where('dedup_key', '=', dedup_key).executeTakeFirst())
        ?.ticket_id
    await until(opened, { every: 1, deadline: 10_000, what: 'the incident' })
    took.push(performance.now() - started)
  }
  tell(
    { figure: 'POST to incident, p95', measured: Math.round(percentile(took, 0.95)), unit: 'ms' },
    `${SAMPLES} alone, p50 ${percentile(took, 0.5).toFixed(0)} ms, p99 ${percentile(took, 0.99).toFixed(0)} ms`,
  )
  await Promise.all([door.stop(), engine.stop()])
}

if (import.meta.main) process.exitCode = (await benchIngest()) ? 0 : 1
