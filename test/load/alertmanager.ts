import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Db } from '@tocsin/db'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { freePorts } from '@tocsin/db/process'
import { readAccounting } from '@tocsin/desk'
import autocannon from 'autocannon'
import { sql } from 'kysely'
import { pino } from 'pino'
import { anIntegration } from '../harness/door.ts'
import { startProcess } from '../harness/own-process.ts'
import { until } from '../harness/until.ts'
import { tell } from './figures.ts'
import { cpuOf } from './processes.ts'

// What Prometheus sends, to our door and to Debian's Alertmanager in turn, by one generator on one machine: it keeps
// alerts in memory, we commit them. Then as many as should be decided, with the engine at work.
const SHORT = process.argv.includes('--short')
const SECONDS = SHORT ? 5 : 60
const CONNECTIONS = 64
// Each connection holds all of them ready.
const BODIES = 40
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

async function send(url: string, alerts: number, seconds: number, overallRate?: number): Promise<number> {
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
  if (result['2xx'] === 0) throw new Error(`${result.non2xx} refusals and ${result.errors} errors at ${url}`)
  return (result['2xx'] * alerts) / result.duration
}

async function startAlertmanager(dir: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const [port] = await freePorts(1)
  const config = join(dir, 'alertmanager.yml')
  await writeFile(config, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n')
  const child: ChildProcess = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${config}`,
      `--storage.path=${join(dir, 'alertmanager')}`,
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
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    },
  }
}

async function compare(dir: string, db: Db, owner: Db, databaseUrl: string): Promise<boolean> {
  let within = true
  for (const alerts of [1, 20, 100] as const) {
    const rates: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] }
    for (let turn = 0; turn < 2; turn++) {
      // The first of each is the warm-up.
      const seconds = turn === 0 ? 3 : SECONDS
      const peer = await startAlertmanager(dir)
      rates.theirs.push(await send(peer.url, alerts, seconds))
      await peer.stop()
      const door = await startProcess('ingest', databaseUrl)
      const { id, key } = await anIntegration(db, { system: 'prometheus' })
      const address = `${door.url}/v1/prometheus/${key}/api/v2/alerts`
      await send(address, alerts, 1)
      const before = (await readAccounting(db, id)).waiting
      await send(address, alerts, seconds)
      rates.ours.push(((await readAccounting(db, id)).waiting - before) / seconds)
      await door.stop()
      await forget(owner)
    }
    const [ours, theirs] = [rates.ours.at(-1)!, rates.theirs.at(-1)!]
    within =
      tell(
        {
          figure: `committed beside Alertmanager, ${alerts} alert(s) a body`,
          measured: Number((ours / theirs).toFixed(2)),
          unit: '×',
          least: LEAST[alerts],
        },
        `${Math.round(ours)} against ${Math.round(theirs)} alerts/s in memory, ${SECONDS} s`,
      ) && within
  }
  return within
}

/** Nobody works the queue there: what has been sent makes room for the next turn. */
async function forget(owner: Db): Promise<void> {
  await sql`truncate receipt_waiting, receipt`.execute(owner)
}

async function decide(db: Db, databaseUrl: string, serverPid: number): Promise<boolean> {
  const [door, engine] = await Promise.all([
    startProcess('ingest', databaseUrl),
    startProcess('engine', databaseUrl),
  ])
  try {
    const { id, key } = await anIntegration(db, { system: 'prometheus' })
    const address = `${door.url}/v1/prometheus/${key}/api/v2/alerts`
    await send(address, DECIDED.bodyOf, 3, 500)
    const drained = async () => (await readAccounting(db, id)).waiting === 0
    await until(drained, { deadline: 60_000, every: 50, what: 'the warm-up is decided' })
    const before = await readAccounting(db, id)
    const cpu = { door: cpuOf(door.pid()), engine: cpuOf(engine.pid()), postgres: cpuOf(serverPid) }
    const began = performance.now()
    await send(address, DECIDED.bodyOf, SECONDS, DECIDED.offered / DECIDED.bodyOf)
    const sending = (performance.now() - began) / 1_000
    const after = await readAccounting(db, id)
    const ended = performance.now()
    await until(drained, { deadline: 300_000, every: 50, what: 'the backlog is decided' })
    const backlog = (performance.now() - ended) / 1_000
    const share = (pid: number, was: number) => ((cpuOf(pid) - was) / 1_000 / (sending + backlog)).toFixed(2)
    const { balanced, received } = await readAccounting(db, id)
    const decided = after.received - after.waiting - (before.received - before.waiting)
    const rate = Math.round(decided / sending)
    const shares = `door ${share(door.pid(), cpu.door)}, engine ${share(engine.pid(), cpu.engine)}, Postgres ${share(serverPid, cpu.postgres)} cores`
    const held = tell(
      { figure: 'decided while they arrive', measured: rate, unit: '/s', least: DECIDED.rate },
      `${received - before.received} sent in ${sending.toFixed(0)} s; ${shares}; account ${balanced ? 'balanced' : 'NOT BALANCED'}`,
    )
    const gone = tell(
      {
        figure: 'backlog gone after the end',
        measured: Number(backlog.toFixed(1)),
        unit: 's',
        most: DECIDED.backlogSeconds,
      },
      `${after.waiting} waited`,
    )
    return balanced && held && gone
  } finally {
    await Promise.all([door.stop(), engine.stop()])
  }
}

export async function benchAlertmanager(): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'tocsin-bench-'))
  const log = pino({ level: 'silent' })
  const server = await startEmbeddedPostgres({ dir, log })
  await migrate(server.ownerUrl, { log, serviceUrl: server.url })
  const db = connect(server.url, { max: 4 })
  const owner = connect(server.ownerUrl, { max: 1 })
  try {
    const decided = await decide(db, server.url, server.pid)
    return (await compare(dir, db, owner, server.url)) && decided
  } finally {
    await Promise.all([db.destroy(), owner.destroy()])
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

if (import.meta.main) process.exitCode = (await benchAlertmanager()) ? 0 : 1
