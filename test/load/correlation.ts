import { connect, type Db } from '@tocsin/db'
import { readAccounting } from '@tocsin/desk'
import { batchSize } from '@tocsin/ingest/batch-size'
import { workIntegration } from '@tocsin/ingest/worker'
import { sql } from 'kysely'
import { anIntegration, testDoor } from '../harness/door.ts'
import { tell } from './figures.ts'
import { anEvent, HOSTS, manyRules, publish, sendEvents } from './many-rules.ts'
import { type OwnPostgres, overPostgres } from './own-postgres.ts'

// One worker over many rules, a large map and many open alerts: what one decision costs when a desk has grown.
const RULES = 200
const OPEN = 5_000
const DISTINCT = 10_000
const REPEATS = 50_000

/** Every item depends on one nearer to the root, ten under each. */
async function plantMap(ownerUrl: string): Promise<void> {
  const owner = connect(ownerUrl, { max: 1 })
  await sql`
    insert into configuration_item (name, kind)
    select 'node-' || n, 'vm' from generate_series(0, ${HOSTS - 1}::int) n`.execute(owner)
  await sql`
    insert into ci_dependency (ci_id, depends_on_id)
    select c.id, p.id from generate_series(1, ${HOSTS - 1}::int) n
    join configuration_item c on c.name = 'node-' || n
    join configuration_item p on p.name = 'node-' || (n - 1) / 10`.execute(owner)
  await sql`analyze`.execute(owner)
  await owner.destroy()
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

async function measure({ db, url, ownerUrl }: OwnPostgres): Promise<boolean> {
  await plantMap(ownerUrl)
  await publish(db, manyRules(RULES))
  const door = await testDoor(url)
  try {
    const { id, key } = await anIntegration(db)
    await sendEvents(door, key, OPEN, (n) => anEvent(n, RULES))
    await decide(db, id)

    await sendEvents(door, key, DISTINCT, (n) => anEvent(OPEN + n, RULES))
    const distinct = await decide(db, id)
    await sendEvents(door, key, REPEATS, (n) => anEvent(n % OPEN, RULES))
    const repeated = await decide(db, id)
    const { balanced } = await readAccounting(db, id)
    const setting = `${RULES} rules, ${HOSTS} items, ${OPEN} alerts open; one worker; account ${balanced ? 'balanced' : 'NOT BALANCED'}`
    const figures = [
      tell({ figure: 'distinct events decided', measured: distinct, unit: '/s', least: 5_000 }, setting),
      tell({ figure: 'repeated events decided', measured: repeated, unit: '/s', least: 25_000 }, setting),
    ]
    return balanced && figures.every(Boolean)
  } finally {
    await door.close()
  }
}

export const benchCorrelation = (): Promise<boolean> => overPostgres(measure)

if (import.meta.main) process.exitCode = (await benchCorrelation()) ? 0 : 1
