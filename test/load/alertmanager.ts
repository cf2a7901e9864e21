import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, type Db } from '@tocsin/db'
import { freePorts } from '@tocsin/db/process'
import { readAccounting } from '@tocsin/desk'
import autocannon from 'autocannon'
import { sql } from 'kysely'
import { anIntegration } from '../harness/door.ts'
import { startProcess } from '../harness/own-process.ts'
import { until } from '../harness/until.ts'
import { tell } from './figures.ts'
import { type OwnPostgres, overPostgres } from './own-postgres.ts'
import { coresDuring } from './processes.ts'

// What Prometheus sends, to our door and to Debian's Alertmanager in turn, by one generator on one machine: it keeps
// alerts in memory, we commit them. Then as many as should be decided, with the engine at work.
const PEER = 'prometheus-alertmanager'
const SECONDS = process.argv.includes('--short') ? 5 : 60
const WARM_UP = 3
const CONNECTIONS = 64
// Each connection holds all of them ready.
const BODIES = 40
const ALLOWED = 100_000
const LEAST = { 1: 0.6, 20: 1, 100: 1 }
const DECIDED = { rate: 25_000, offered: 26_000, bodyOf: 20, backlogSeconds: 5 }

/** Bodies with so many alerts in each, every one of another key. */
function bodiesOf(alerts: number): { body: string }[] {
  const startsAt = new Date().toISOString()
  const alert = (n: number) => ({
    labels: {
      alertname: `InstanceDown${n % 20}`,
      instance: `web-${n}:9100`,
      job: 'web',
      severity: 'critical',
      service: 'shop',
    },
    annotations: { summary: `web-${n} does not answer`, runbook: 'https://runbooks.internal/instance-down' },
    startsAt,
    generatorURL: 'http://prometheus.internal:9090/graph?g0.expr=up',
  })
  return Array.from({ length: BODIES }, (_, body) => ({
    body: JSON.stringify(Array.from({ length: alerts }, (__, n) => alert(body * alerts + n))),
  }))
}

interface Sent {
  /** Of the alerts that were taken, a second. */
  rate: number
  seconds: number
  refused: number
}

async function send(url: string, alerts: number, seconds: number, overallRate?: number): Promise<Sent> {
  const result = await autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    requests: bodiesOf(alerts),
    connections: CONNECTIONS,
    duration: seconds,
    ...(overallRate && { overallRate }),
  })
  // What is refused is not counted: on a machine that is busy otherwise, a commit may come too late for its answer.
  const refused = result.non2xx + result.errors
  if (result['2xx'] === 0) throw new Error(`${refused} refusals and errors at ${url}`)
  return { rate: (result['2xx'] * alerts) / result.duration, seconds: result.duration, refused }
}

async function startAlertmanager(
  folder: string,
): Promise<{ url: string; pid: number; stop: () => Promise<void> }> {
  const [port] = await freePorts(1)
  const config = join(folder, 'alertmanager.yml')
  await writeFile(config, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n')
  const child = spawn(
    PEER,
    [
      `--config.file=${config}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  const url = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(`${url}/-/ready`)).ok, {
    deadline: 10_000,
    what: 'Alertmanager is ready',
  })
  return {
    url: `${url}/api/v2/alerts`,
    pid: child.pid!,
    stop: async () => {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

async function theirs(folder: string, alerts: number, seconds: number) {
  const peer = await startAlertmanager(folder)
  try {
    const { done, cores } = await coresDuring({ Alertmanager: peer.pid }, () =>
      send(peer.url, alerts, seconds),
    )
    return { ...done, cores }
  } finally {
    await peer.stop()
  }
}

async function ours({ db, url, ownerUrl, pid }: OwnPostgres, alerts: number, seconds: number) {
  const door = await startProcess('ingest', url)
  try {
    const { id, key } = await anIntegration(db, { system: 'prometheus' })
    // Usually one integration may send 20,000 requests a second, which is less than there is room for.
    await sql`
      update integration set settings = settings || jsonb_build_object('requests_per_second', ${ALLOWED}::int)
      where id = ${id}`.execute(db)
    const address = `${door.url}/v1/prometheus/${key}/api/v2/alerts`
    await send(address, alerts, 1)
    const before = (await readAccounting(db, id)).waiting
    const { done, cores } = await coresDuring({ door: door.pid(), PostgreSQL: pid }, () =>
      send(address, alerts, seconds),
    )
    const { waiting, balanced } = await readAccounting(db, id)
    // What its own tables say, and not only its answers.
    return { ...done, rate: (waiting - before) / done.seconds, cores, balanced, kept: await keptIn(db) }
  } finally {
    await door.stop()
    await forget(ownerUrl)
  }
}

/** Megabytes on the disk. */
async function keptIn(db: Db): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select pg_database_size(current_database())::int8 as bytes`.execute(db)
  return Math.round(rows[0]!.bytes / 1_000_000)
}

/** Nobody works the queue there: what has been sent makes room for the next, and the disk is at rest again. */
async function forget(ownerUrl: string): Promise<void> {
  const owner = connect(ownerUrl, { max: 1 })
  await sql`truncate receipt_waiting, receipt`.execute(owner)
  await sql`checkpoint`.execute(owner)
  await owner.destroy()
}

async function compare(own: OwnPostgres): Promise<boolean> {
  let within = true
  for (const alerts of [1, 20, 100] as const) {
    await theirs(own.folder, alerts, WARM_UP)
    await ours(own, alerts, WARM_UP)
    const peer = await theirs(own.folder, alerts, SECONDS)
    const door = await ours(own, alerts, SECONDS)
    const figure = {
      figure: `committed beside Alertmanager, ${alerts} alert(s) a body`,
      measured: Number((door.rate / peer.rate).toFixed(2)),
      unit: '×',
      least: LEAST[alerts],
    }
    const rates = `${Math.round(door.rate)} alerts/s committed against ${Math.round(peer.rate)} in memory, ${SECONDS} s each`
    const cores = `cores: ${door.cores}; there: ${peer.cores}`
    const rest = `refused ${door.refused} against ${peer.refused}, ${door.kept} MB on the disk, account ${door.balanced ? 'balanced' : 'NOT BALANCED'}`
    within = tell(figure, `${rates}; ${cores}; ${rest}`) && door.balanced && within
  }
  return within
}

async function decide({ db, url, pid }: OwnPostgres): Promise<boolean> {
  const [door, engine] = await Promise.all([startProcess('ingest', url), startProcess('engine', url)])
  try {
    const { id, key } = await anIntegration(db, { system: 'prometheus' })
    const address = `${door.url}/v1/prometheus/${key}/api/v2/alerts`
    await send(address, DECIDED.bodyOf, WARM_UP, 500)
    const drained = async () => (await readAccounting(db, id)).waiting === 0
    await until(drained, { deadline: 60_000, every: 50, what: 'the warm-up is decided' })
    const before = await readAccounting(db, id)
    const pids = { door: door.pid(), engine: engine.pid(), PostgreSQL: pid }
    const { done, cores } = await coresDuring(pids, async () => {
      const { seconds } = await send(address, DECIDED.bodyOf, SECONDS, DECIDED.offered / DECIDED.bodyOf)
      const after = await readAccounting(db, id)
      const ended = performance.now()
      await until(drained, { deadline: 300_000, every: 50, what: 'the backlog is decided' })
      return { seconds, after, backlog: (performance.now() - ended) / 1_000 }
    })
    const { balanced, received } = await readAccounting(db, id)
    const decided = done.after.received - done.after.waiting - (before.received - before.waiting)
    const held = tell(
      {
        figure: 'decided while they arrive',
        measured: Math.round(decided / done.seconds),
        unit: '/s',
        least: DECIDED.rate,
      },
      `${received - before.received} sent in ${done.seconds.toFixed(0)} s; cores: ${cores}; ${await keptIn(db)} MB on the disk, account ${balanced ? 'balanced' : 'NOT BALANCED'}`,
    )
    const gone = tell(
      {
        figure: 'backlog gone after the end',
        measured: Number(done.backlog.toFixed(1)),
        unit: 's',
        most: DECIDED.backlogSeconds,
      },
      `${done.after.waiting} waited`,
    )
    return balanced && held && gone
  } finally {
    await Promise.all([door.stop(), engine.stop()])
  }
}

export const benchAlertmanager = (): Promise<boolean> =>
  overPostgres(async (own) => {
    const installed = spawnSync(PEER, ['--version']).status === 0
    if (!installed) console.log(`There is no ${PEER} on this machine: nothing was compared with it.`)
    const compared = installed && (await compare(own))
    return (await decide(own)) && compared
  })

if (import.meta.main) process.exitCode = (await benchAlertmanager()) ? 0 : 1
