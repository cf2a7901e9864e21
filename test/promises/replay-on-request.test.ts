import { randomUUID } from 'node:crypto'
import {
  acceptProposal,
  lockProposal,
  NO_RULES,
  publishRuleset,
  readNow,
  replay,
  Rule,
  sweepCheckpoints,
  sweepReplays,
  sweepSteps,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import {
  aPolicy,
  aRule,
  aSource,
  doorOverDatabase,
  type Someone,
  someone,
  type TestApi,
  testApi,
} from '../harness/index.ts'

const on = doorOverDatabase()
let api: TestApi
let administrator: Someone
let agent: Someone
let source: Awaited<ReturnType<typeof aSource>>
let from: Date

beforeAll(async () => {
  const { db } = on.base
  api = testApi(db)
  administrator = await someone(db, [{ role: 'administrator' }])
  agent = await someone(db)
  const policy = await aPolicy(db, [{ wait_ms: 0, targets: [{ kind: 'person', id: administrator.id }] }])
  source = await aSource(on, { escalationPolicyId: policy })
  await sweepCheckpoints(db)
  from = await readNow(db)
  await source.say(
    ...['a', 'b', 'c'].map((key) => ({ dedup_key: key, title: `Disk ${key}`, labels: { site: 'rome' } })),
  )
  await source.say({ dedup_key: 'd', title: 'Other' }, { dedup_key: 'a', title: 'Disk a' })
  await sweepSteps(db)
  await on.moveOn(5)
})

const rule = aRule({ name: 'Per site', when: 'has(labels.site)', group_by: ['labels.site'] })
const draft = { rules: [rule], beside: NO_RULES.beside }
const call = async <T>(method: string, path: string, body?: unknown, by = administrator) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}
const work = () => sweepReplays(on.base.db, on.base.url, new AbortController().signal)

/** Everything that people see, as one number. */
async function fingerprint() {
  const { rows } = await sql<{ all: string }>`
    select md5(concat((select string_agg(t::text, '' order by id) from ticket t), (select string_agg(a::text, '' order by id) from alert a),
      (select string_agg(p::text, '' order by id) from page p), (select string_agg(l::text, '' order by id) from alert_link l))) as all`.execute(
    on.base.db,
  )
  return rows[0]!.all
}

interface Shown {
  state: string
  progress: number
  result: {
    events: number
    was: { incidents: number; joins: number; pages: number }
    would: { incidents: number; joins: number; pages: number }
    people: { person: { id: string }; was: { pages: number }; would: { pages: number } }[]
    record: { exact: boolean; openings: number }
    differences: number
  }
}

test('a draft is tried over what happened: figures, and alert by alert what would be otherwise; nothing is touched', async () => {
  const before = await fingerprint()
  const period = { from: from.toISOString(), to: (await readNow(on.base.db)).toISOString() }
  const asked = await call<{ id: string }>('POST', '/replays', { ...period, rules: draft })
  expect(asked.status).toBe(202)
  expect(await work()).toBe(1)
  const { body } = await call<Shown>('GET', `/replays/${asked.body.id}`)
  expect(body).toMatchObject({
    state: 'done',
    progress: 1,
    result: {
      events: 5,
      was: { incidents: 4, joins: 0, pages: 4 },
      would: { incidents: 2, joins: 2, pages: 2 },
      record: { exact: true, openings: 4 },
      differences: 2,
    },
  })
  expect(body.result.people).toMatchObject([
    { person: { id: administrator.id }, was: { pages: 4 }, would: { pages: 2 } },
  ])
  const { body: told } = await call<{ items: { paged: Record<'was' | 'would', { pages: number }> }[] }>(
    'GET',
    `/replays/${asked.body.id}/differences`,
  )
  expect(told.items).toMatchObject([
    {
      alert: { title: 'Disk b' },
      was: { how: 'opened', ticket: expect.stringMatching(/^INC-/) as string },
      would: { how: 'joined', with: { title: 'Disk a' }, why: { name: 'Per site' } },
      paged: { was: { pages: 1 }, would: { pages: 0, sleep_minutes: 0 } },
    },
    { alert: { title: 'Disk c' }, would: { how: 'joined' } },
  ])
  // Alert by alert, it sums up to the figures.
  const saved = told.items.reduce((sum, { paged }) => sum + paged.was.pages - paged.would.pages, 0)
  expect(saved).toBe(body.result.was.pages - body.result.would.pages)
  expect(await fingerprint()).toBe(before)
})

test('the rules in force differ in nothing', async () => {
  const period = { from: from.toISOString(), to: (await readNow(on.base.db)).toISOString() }
  const asked = await call<{ id: string }>('POST', '/replays', period)
  await work()
  const { body } = await call<Shown>('GET', `/replays/${asked.body.id}`)
  expect(body.result).toMatchObject({ differences: 0, record: { exact: true } })
})

test('what cannot be replayed is refused in words; one that waits can be cancelled', async () => {
  const now = await readNow(on.base.db)
  const at = (ms: number) => new Date(now.getTime() + ms).toISOString()
  const errors = async (body: unknown) =>
    (await call<{ errors?: { path: string }[] }>('POST', '/replays', body)).body.errors?.map(
      ({ path }) => path,
    )
  expect(await errors({ from: at(-86_400_000), to: at(0) })).toEqual(['from'])
  expect(await errors({ from: at(0), to: at(-1_000) })).toEqual(['to'])
  expect(await errors({ from: at(-1_000), to: at(3_600_000) })).toEqual(['to'])
  expect(
    await errors({
      from: from.toISOString(),
      to: at(-1),
      rules: { ...draft, rules: [{ ...rule, when: 'no(' }] },
    }),
  ).toEqual(['rules.0.when'])
  expect((await call('POST', '/replays', { from: from.toISOString(), to: at(-1), version: 99 })).status).toBe(
    404,
  )
  expect((await call('POST', '/replays', { from: from.toISOString(), to: at(-1) }, agent)).status).toBe(403)
  expect((await call('GET', `/replays/${randomUUID()}`)).status).toBe(404)
  const { body } = await call<{ id: string }>('POST', '/replays', { from: from.toISOString(), to: at(-1) })
  expect((await call('POST', `/replays/${body.id}/cancel`)).status).toBe(200)
  expect(await work()).toBe(0)
  expect((await call<Shown>('GET', `/replays/${body.id}`)).body.state).toBe('cancelled')
})

test('a checkpoint is made once a day, with what waits for a person: accepted the day after, the replay knows of what', async () => {
  const { db } = on.base
  await transact(db, SYSTEM, (tx) =>
    publishRuleset(tx, { base: 1, ...draft, rules: [Rule.parse({ ...rule, confirm: true })] }),
  )
  await source.say({ dedup_key: 'e', title: 'Disk e', labels: { site: 'oslo' } })
  await on.moveOn(86_400)
  for (let time = 0; time < 2; time++) await sweepCheckpoints(db)
  const { rows } = await sql<{ kind: string; count: number }>`
    select r.kind, count(*)::int as count from checkpoint_row r join checkpoint c on c.id = r.checkpoint_id
    where c.day = (tocsin_now() at time zone 'UTC')::date group by r.kind order by r.kind`.execute(db)
  expect(rows).toEqual([
    { kind: 'alert', count: 5 },
    { kind: 'proposal', count: 1 },
    { kind: 'ticket', count: 4 },
  ])

  const since = await readNow(db)
  const { rows: proposals } = await sql<{ id: string }>`select id from proposal`.execute(db)
  const { id } = proposals[0]!
  await transact(
    db,
    { kind: 'person', id: administrator.id },
    (tx) => acceptProposal(tx, id),
    (trx) => lockProposal(trx, id),
  )
  await sweepSteps(db)
  await on.moveOn(5)
  const again = await replay(db, { from: since, to: await readNow(db), rules: null })
  expect(again!.record).toEqual({ openings: 1, openings_matched: 1, pages: 1, pages_wrong: 0, exact: true })
})
