import { connect, type Db } from '@tocsin/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readings } from '../harness/readings.ts'
import {
  asOwner,
  aTeam,
  database,
  type Someone,
  someone,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

/**
 * Whatever a page reads is found by an index. Where walking a table is forbidden the planner still walks what no index can
 * serve: so a walk shows on an empty desk what would be slow at a million tickets.
 */

// What grows with the years; what administrators arrange is few and may be walked.
const LARGE =
  /^(activity|receipt|event)_(rest|\d)|^(ticket|ticket_(state|tag|link|answer|merge|split|route)|sla_(clock|mark|escalation)|alert|alert_link|person|message|mention|wording|watcher|attachment|work_entry|checklist_item|reminder|draft|page|delivery|notice|escalation|escalation_step|automation_(firing|quiet|date|occurrence)|webhook_(delivery|attempt)|configuration_item|change_event|change_plan|approval|approver|maintenance|maintenance_span|major_update|review_action|breach_odds|forecast|import_(row|item)|dead_letter|receipt_waiting|activity_place|local_mail|correlated_ticket|shadow_(page|ticket))$/

// How many tickets there are at all, up to where counting stops.
const EVERY = '/tickets/count'

let record: TestDatabase
let db: Db
let admin: Someone
let agent: Someone
beforeAll(async () => {
  record = await database()
  const { pathname } = new URL(record.url)
  await asOwner(record.ownerUrl, `alter database ${pathname.slice(1)} set enable_seqscan = off`)
  // One connection, so that what it has walked is known when it says so.
  db = connect(record.url, { name: 'tocsin-test', max: 1 })
  const team = await aTeam(db)
  admin = await someone(db, [{ role: 'administrator' }])
  agent = await someone(db, [{ role: 'agent', teamId: team }])
})
afterAll(async () => {
  await db.destroy()
  await record.drop()
})

/** Tables that were walked since it was asked last. */
async function walked(): Promise<string[]> {
  await sql`select pg_stat_force_next_flush()`.execute(db)
  const { rows } = await sql<{ name: string; walks: number }>`
    select relname as name, seq_scan as walks from pg_stat_user_tables where seq_scan > 0`.execute(db)
  const since = rows.filter(({ name, walks }) => LARGE.test(name) && walks > (before.get(name) ?? 0))
  for (const { name, walks } of rows) before.set(name, walks)
  return since.map(({ name }) => name)
}
const before = new Map<string, number>()

it('a page walks no table that grows, whoever reads', async () => {
  const api = testApi(db)
  const post = async (path: string, body: unknown) => {
    const answer = await api.call(admin.key, 'POST', `/api/v1${path}`, body)
    expect([path, answer.status]).toEqual([path, 201])
  }
  await post('/services', { key: 'web', name: { en: 'Web' } })
  await post('/integrations', { system: 'events', name: 'Events' })
  await post('/tickets', {
    kind: 'incident',
    title: 'The printer is on fire',
    impact: 'high',
    urgency: 'high',
  })
  const { paths } = await readings(api, admin.key)
  expect(paths.length).toBeGreaterThan(150)
  await walked()
  // oxlint-disable no-await-in-loop -- over one connection
  const read = async (path: string) => {
    for (const { key } of [admin, agent]) {
      const { status } = await api.call(key, 'GET', `/api/v1${path}`)
      expect([path, status < 500]).toEqual([path, true])
    }
  }
  const asked = paths.filter((path) => path !== EVERY)
  for (const path of asked) await read(path)
  const tables = await walked()
  const found: Record<string, string[]> = {}
  // By whom is asked only where there is one: each look takes as long as a reading.
  for (const path of tables.length > 0 ? asked : []) {
    await read(path)
    const here = await walked()
    if (here.length > 0) found[path] = here
  }
  expect({ tables, found }).toEqual({ tables: [], found: {} })
  await read(EVERY)
})
