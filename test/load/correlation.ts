import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Db } from '@tocsin/db'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { NO_RULES, publishRuleset, readAccounting, type Rule, SYSTEM, transact } from '@tocsin/desk'
import { batchSize } from '@tocsin/ingest/batch-size'
import { workIntegration } from '@tocsin/ingest/worker'
import { sql } from 'kysely'
import { pino } from 'pino'
import { anIntegration, type TestDoor, testDoor } from '../harness/door.ts'
import { tell } from './figures.ts'

// One worker over many rules, a large map and many open alerts: what one decision costs when a desk has grown.
const RULES = 200
const ITEMS = 10_000
const OPEN = 5_000
const DISTINCT = 10_000
const REPEATS = 50_000
const A_BODY = 200

const rule = (index: number): Rule => ({
  id: randomUUID(),
  name: `Rule ${index}`,
  enabled: true,
  when: `labels.team == "team-${index}" && severity in ["critical", "error"] && !title.startsWith("Test")`,
  group_by: ['labels.cluster', 'labels.alertname'],
  window_minutes: 60,
  opens: 'incident',
  confirm: false,
  impact: null,
  urgency: null,
  service_id: null,
  team_id: null,
  escalation_policy_id: null,
  resolve_on: 'all',
  patience: null,
})

/** Every item depends on one nearer to the root, ten under each. */
async function plantMap(db: Db): Promise<void> {
  await sql`
    insert into configuration_item (name, kind)
    select 'node-' || n, 'vm' from generate_series(0, ${ITEMS - 1}::int) n`.execute(db)
  await sql`
    insert into ci_dependency (ci_id, depends_on_id)
    select c.id, p.id from generate_series(1, ${ITEMS - 1}::int) n
    join configuration_item c on c.name = 'node-' || n
    join configuration_item p on p.name = 'node-' || (n - 1) / 10`.execute(db)
  await sql`analyze`.execute(db)
}

const event = (key: number) => ({
  kind: 'trigger',
  dedup_key: `alert-${key}`,
  title: `Check ${key % 50} fails`,
  severity: 'error',
  host: `node-${key % ITEMS}`,
  labels: { team: `team-${key % (RULES * 2)}`, cluster: `c${key % 100}`, alertname: `Check${key % 50}` },
})

async function send(door: TestDoor, key: string, from: number, count: number): Promise<void> {
  for (let at = from; at < from + count; at += A_BODY) {
    const events = Array.from({ length: Math.min(A_BODY, from + count - at) }, (_, index) =>
      event(at + index),
    )
    const answer = await door.send(`/v1/events/${key}`, { events })
    if (!answer.ok) throw new Error(`the door answered ${answer.status}`)
  }
}

/** Decides all that waits, and answers how many events a second that was. */
async function decide(db: Db, integrationId: string): Promise<number> {
  const started = performance.now()
  const size = batchSize()
  let decided = 0
  for (let events = -1; events !== 0; decided += events) {
    const began = performance.now()
    const done = await workIntegration(db, integrationId, { events: size.next(integrationId) })
    events = done.events
    size.took(integrationId, events, performance.now() - began)
  }
  return Math.round((decided / (performance.now() - started)) * 1_000)
}

export async function benchCorrelation(): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'tocsin-bench-'))
  const log = pino({ level: 'silent' })
  const server = await startEmbeddedPostgres({ dir, log })
  await migrate(server.ownerUrl, { log, serviceUrl: server.url })
  const db = connect(server.url, { max: 4 })
  const door = await testDoor(server.url)
  try {
    const owner = connect(server.ownerUrl, { max: 1 })
    await plantMap(owner)
    await owner.destroy()
    const rules = Array.from({ length: RULES }, (_, index) => rule(index))
    const base = NO_RULES.version
    await transact(db, SYSTEM, (tx) => publishRuleset(tx, { base, rules, beside: NO_RULES.beside }))
    const { id, key } = await anIntegration(db)
    await send(door, key, 0, OPEN)
    await decide(db, id)

    await send(door, key, OPEN, DISTINCT)
    const distinct = await decide(db, id)
    for (let sent = 0; sent < REPEATS; sent += OPEN) await send(door, key, 0, OPEN)
    const repeated = await decide(db, id)
    const { balanced } = await readAccounting(db, id)
    const setting = `${RULES} rules, ${ITEMS} items, ${OPEN} alerts open; one worker; account ${balanced ? 'balanced' : 'NOT BALANCED'}`
    const figures = [
      tell({ figure: 'distinct events decided', measured: distinct, unit: '/s', least: 5_000 }, setting),
      tell({ figure: 'repeated events decided', measured: repeated, unit: '/s', least: 25_000 }, setting),
    ]
    return balanced && figures.every(Boolean)
  } finally {
    await door.close()
    await db.destroy()
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

if (import.meta.main) process.exitCode = (await benchCorrelation()) ? 0 : 1
