import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  anIntegration,
  database,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let admin: Someone
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  admin = await someone(base.db, [{ role: 'administrator' }])
  const { id } = await anIntegration(base.db)
  // Every state and severity, three at each instant.
  await sql`
    insert into alert (integration_id, dedup_key, status, severity, title, group_key, starts_at, first_event_at, last_event_at,
      updated_at, seen_at)
    select ${id}, n::text, (array['firing', 'acknowledged', 'suppressed', 'resolved'])[1 + n % 4],
      (array['critical', 'error', 'warning', 'info', 'ok'])[1 + n * 7 / 3 % 5], 'Alert ' || n, n::text, at, at, at, at, at
    from generate_series(1, 60) n, lateral (select now() - n / 3 * interval '1 minute' as at) x`.execute(
    base.db,
  )
})
afterAll(() => base.drop())

it.each([
  '',
  'status=firing',
  'status=firing,resolved,firing',
  'severity=critical',
  'severity=critical,info',
  'severity=critical,error&status=firing,suppressed',
  'severity=ok&status=acknowledged',
  'status=resolved&q=alert',
])('of %s all are listed once, the latest first, page by page', async (query) => {
  const asked = new URLSearchParams(query)
  const among = (name: string, value: string) =>
    !asked.has(name) || asked.get(name)!.split(',').includes(value)
  const { rows } = await sql<{ id: string; status: string; severity: string }>`
    select id, status, severity from alert order by seen_at desc, id desc`.execute(base.db)
  const expected = rows.filter(
    ({ status, severity }) => among('status', status) && among('severity', severity),
  )
  const found: string[] = []
  for (let cursor = ''; ;) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const answer = await api.call(admin.key, 'GET', `/api/v1/alerts?${query}&limit=4${cursor}`)
    expect(answer.status).toBe(200)
    // oxlint-disable-next-line no-await-in-loop -- as above
    const { items, next } = (await answer.json()) as { items: { id: string }[]; next: string | null }
    found.push(...items.map(({ id }) => id))
    if (next === null) break
    cursor = `&cursor=${next}`
  }
  expect(found).toEqual(expected.map(({ id }) => id))
})
