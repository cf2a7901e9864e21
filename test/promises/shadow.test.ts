import { KPIS, type Question, reconcile } from '@tocsin/analytics'
import {
  acknowledgeTicket,
  assignTicket,
  detachAlert,
  editIntegration,
  mergeTickets,
  readNotices,
  sweepRecoveries,
  sweepShadowReports,
  sweepSteps,
  placeActivity,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  aContact,
  aPolicy,
  aSchedule,
  aSource,
  aTeam,
  doorOverDatabase,
  figuresOf,
  type Someone,
  someone,
  startEngine,
  testApi,
  type TestFigures,
  until,
} from '../harness/index.ts'

const on = doorOverDatabase()
let figures: TestFigures
let admin: Someone
let team: string
let people: Someone[]
let policy: string

beforeAll(async () => {
  figures = await figuresOf(on.base.db)
  const { db } = on.base
  team = await aTeam(db)
  admin = await someone(db, [{ role: 'administrator' }])
  people = [
    await someone(db, [{ role: 'on_call', teamId: team }]),
    await someone(db, [{ role: 'agent', teamId: team }]),
    await someone(db),
  ]
  for (const { id } of people) await aContact(db, id, { kind: 'email', address: `${id}@example.test` })
  await sql`update person set zone = 'Australia/Lord_Howe' where id = ${people[2]!.id}`.execute(db)
  const schedule = await aSchedule(db, team, [people[0]!.id, people[1]!.id])
  policy = await aPolicy(
    db,
    [
      { wait_ms: 0, targets: [{ kind: 'schedule', id: schedule }] },
      { wait_ms: 300_000, targets: [{ kind: 'team', id: team }] },
      { wait_ms: 600_000, targets: [{ kind: 'person', id: people[2]!.id }] },
    ],
    1,
  )
})
afterAll(() => figures?.close())

const asAdmin = <T>(work: Parameters<typeof transact<T>>[2]) =>
  transact(on.base.db, { kind: 'person', id: admin.id }, work)
const aSourceOf = (shadow: boolean) => aSource(on, { teamId: team, escalationPolicyId: policy, shadow })
const cast = (id: string, shadow: boolean) => asAdmin((tx) => editIntegration(tx, id, { shadow }))
const ticketOf = async (source: Awaited<ReturnType<typeof aSource>>, key: string) =>
  (await source.alert(key)).ticket_id!
const call = (path: string) => testApi(on.base.db).call(admin.key, 'GET', `/api/v1${path}`)

/** Minutes go by, and whoever is due is decided with each. */
async function pass(minutes: number): Promise<void> {
  for (let left = minutes; left > 0; left -= 5) {
    await on.moveOn(5 * 60)
    await sweepRecoveries(on.base.db)
    await sweepSteps(on.base.db)
  }
}
async function tell(): Promise<void> {
  while ((await placeActivity(on.base.db)) > 0);
  while ((await readNotices(on.base.db)) > 0);
}

interface Woken {
  title: string
  cycle: number
  step: number
  person: string
  why: unknown
  at: Date
}
async function woken(table: 'page' | 'shadow_page', integrationId: string): Promise<Woken[]> {
  const { rows } = await sql<Woken>`
    select t.title, g.cycle, g.step, g.recipient_id as person, g.why, ${sql.ref(table === 'page' ? 'g.created_at' : 'g.at')} as at
    from ${sql.table(table)} g join ticket t on t.id = g.ticket_id
    join correlated_ticket c on c.ticket_id = t.id and c.integration_id = ${integrationId}
    order by t.title, g.cycle, g.step, g.recipient_id`.execute(on.base.db)
  return rows
}
/** Everything that could reach somebody because of this integration. */
async function reached(
  integrationId: string,
): Promise<{ pages: number; deliveries: number; notices: number }> {
  const { rows } = await sql<{ pages: number; deliveries: number; notices: number }>`
    with mine as (select ticket_id as id from correlated_ticket where integration_id = ${integrationId})
    select (select count(*) from page where ticket_id in (select id from mine)) as pages,
      (select count(*) from delivery d join page g on g.id = d.page_id where g.ticket_id in (select id from mine)) as deliveries,
      (select count(*) from notice where ticket_id in (select id from mine)) as notices`.execute(on.base.db)
  return rows[0]!
}
const NOBODY = { pages: 0, deliveries: 0, notices: 0 }

interface Report {
  day: string
  incidents: number
  unpaged: number
  pages: number
  at_night: number
  people: { person: { id: string }; pages: number; at_night: number }[]
  items: {
    at: string
    at_night: boolean
    person: { id: string }
    step: number
    cycle: number
    ticket: { title: string }
  }[]
  next: string | null
}
async function reportsOf(id: string): Promise<Report[]> {
  const { rows } = await sql<{ day: string }>`
    select distinct (at at time zone 'UTC')::date::text as day from shadow_page where integration_id = ${id} order by 1`.execute(
    on.base.db,
  )
  return Promise.all(
    rows.map(async ({ day }) => {
      const first = (await (await call(`/integrations/${id}/shadow?day=${day}&limit=3`)).json()) as Report
      for (let { next } = first; next;) {
        const more = (await (
          await call(`/integrations/${id}/shadow?day=${day}&limit=3&cursor=${next}`)
        ).json()) as Report
        first.items.push(...more.items)
        next = more.next
      }
      return first
    }),
  )
}

/** Both live through the same: one is answered at its second step, one recovers, one nobody ever answers. */
async function liveThrough(shadow: Awaited<ReturnType<typeof aSource>>, live: typeof shadow): Promise<void> {
  const both = async (act: (source: typeof shadow) => Promise<unknown>) => {
    for (const source of [shadow, live]) await act(source)
  }
  await both((source) =>
    source.say(...['answered', 'recovers', 'unanswered'].map((title) => ({ title, dedup_key: title }))),
  )
  await sweepSteps(on.base.db)
  await pass(10)
  await both(async (source) => {
    const id = await ticketOf(source, 'answered')
    await transact(on.base.db, { kind: 'person', id: people[0]!.id }, (tx) => acknowledgeTicket(tx, { id }))
    const assigneeId = people[1]!.id
    await asAdmin((tx) => assignTicket(tx, { id, assigneeId }))
  })
  await both((source) => source.say({ title: 'recovers', dedup_key: 'recovers', kind: 'resolve' }))
  await pass(120)
  await tell()
}

test('whom it would have paged is whom its live twin pages: persons, steps, instants and why', async () => {
  const [shadow, live] = [await aSourceOf(true), await aSourceOf(false)]
  await liveThrough(shadow, live)
  const paged = await woken('page', live.id)
  expect(paged.length).toBeGreaterThan(8)
  expect(await woken('shadow_page', shadow.id)).toEqual(paged)
  expect(await woken('shadow_page', live.id)).toEqual([])
  expect(await reached(shadow.id)).toEqual(NOBODY)
  const told = await reached(live.id)
  expect(told.deliveries).toBeGreaterThanOrEqual(paged.length)
  expect(told.notices).toBe(1)

  const reports = await reportsOf(shadow.id)
  const items = reports.flatMap((report) => report.items)
  const shown = items.map(
    ({ ticket: { title }, person, step, cycle, at }) => `${at} ${title} ${cycle} ${step} ${person.id}`,
  )
  expect(shown.toSorted()).toEqual(
    paged
      .map(({ title, person, step, cycle, at }) => `${at.toISOString()} ${title} ${cycle} ${step} ${person}`)
      .toSorted(),
  )
  for (const { at, at_night, person } of items) {
    const zone = person.id === people[2]!.id ? 'Australia/Lord_Howe' : 'UTC'
    const hour = Number(
      new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone: zone }).format(
        new Date(at),
      ),
    )
    expect(at_night).toBe(hour >= 22 || hour < 8)
  }
  for (const report of reports) {
    expect(report.pages).toBe(report.items.length)
    expect(report.at_night).toBe(report.items.filter((one) => one.at_night).length)
    for (const { person, pages } of report.people)
      expect(pages).toBe(report.items.filter((one) => one.person.id === person.id).length)
  }
  expect(reports.reduce((sum, { incidents }) => sum + incidents, 0)).toBe(3)
  const csv = await call(`/integrations/${shadow.id}/shadow?day=${reports[0]!.day}&format=csv`)
  expect((await csv.text()).trim().split('\n')).toHaveLength(1 + reports[0]!.pages)

  const { number } = await on.base.db
    .selectFrom('ticket')
    .select('number')
    .where('id', '=', await ticketOf(shadow, 'unanswered'))
    .executeTakeFirstOrThrow()
  expect(await (await call(`/tickets/${number}`)).json()).toMatchObject({
    shadow: { id: shadow.id },
    pages: [],
  })
})

test('figures leave it out, in both engines, and the reconciler finds no difference', async () => {
  const whole: Omit<Question, 'scope'> = {
    from: new Date(0),
    to: new Date('2100-01-01'),
    by: 'none',
    zone: 'UTC',
    filter: {},
  }
  const ask = async () => {
    await figures.follow()
    const question = { ...whole, scope: { all: true, teams: [] } }
    const told: Record<string, unknown> = {}
    for (const kpi of KPIS) {
      told[kpi.name] = (await kpi.fromStore(figures.store, question)).whole
      expect((await kpi.fromRecord(on.base.db, question)).whole).toEqual(told[kpi.name])
    }
    return told as Record<string, { n: number }>
  }
  const before = await ask()
  const source = await aSourceOf(true)
  await source.say({ title: 'counted nowhere', dedup_key: 'x' })
  await sweepSteps(on.base.db)
  const id = await ticketOf(source, 'x')
  await transact(on.base.db, { kind: 'person', id: people[0]!.id }, (tx) => acknowledgeTicket(tx, { id }))
  await source.say({ title: 'counted nowhere', dedup_key: 'x', kind: 'resolve' })
  await pass(5)
  const now = await ask()
  const without = (told: typeof now) => ({ ...told, volume: null, compression: null })
  expect(without(now)).toEqual(without(before))
  expect(now.volume!.n).toBe(before.volume!.n + 1)
  expect(await reconcile(figures.pipe, figures.store)).toMatchObject({
    differences: [],
    table_differences: 0,
  })
})

test('switched off it pages nobody for the past; an alert that joins then takes the ticket out of shadow', async () => {
  const source = await aSourceOf(true)
  const alike = { title: 'Disk full', group_key: 'disks' }
  await source.say({ ...alike, dedup_key: 'one' })
  await sweepSteps(on.base.db)
  await cast(source.id, false)
  await source.say({ ...alike, dedup_key: 'one' })
  await pass(10)
  expect(await reached(source.id)).toEqual(NOBODY)

  await source.say({ ...alike, dedup_key: 'two' })
  expect(await ticketOf(source, 'two')).toBe(await ticketOf(source, 'one'))
  const past = await woken('shadow_page', source.id)
  const paged = await woken('page', source.id)
  expect(new Set(paged.map(({ person }) => person))).toEqual(new Set(past.map(({ person }) => person)))
  expect(paged).toHaveLength(new Set(paged.map(({ person }) => person)).size)
  await pass(20)
  expect((await woken('page', source.id)).length).toBeGreaterThan(paged.length)
  expect(await woken('shadow_page', source.id)).toEqual(past)

  await source.say({ title: 'Another', dedup_key: 'three' })
  await sweepSteps(on.base.db)
  expect((await woken('page', source.id)).some(({ title }) => title === 'Another')).toBe(true)
})

test('taken apart it stays in shadow; what pages, merged into it, ends that', async () => {
  const [shadow, live] = [await aSourceOf(true), await aSourceOf(false)]
  const alike = { title: 'Both', group_key: 'both' }
  await shadow.say({ ...alike, dedup_key: 'one' }, { ...alike, dedup_key: 'two' })
  const into = await ticketOf(shadow, 'one')
  const { id: alertId } = await shadow.alert('two')
  const own = await asAdmin((tx) => detachAlert(tx, { ticketId: into, alertId, opens: true }))
  await sweepSteps(on.base.db)
  const pagesOf = async (id: string) =>
    (await on.base.db.selectFrom('page').select('recipient_id').where('ticket_id', '=', id).execute()).length
  const wouldOf = async (id: string) =>
    (await on.base.db.selectFrom('shadow_page').select('id').where('ticket_id', '=', id).execute()).length
  for (const id of [into, own!.id]) expect([await pagesOf(id), await wouldOf(id)]).toEqual([0, 1])

  await live.say({ title: 'It pages', dedup_key: 'three' })
  const from = await ticketOf(live, 'three')
  await asAdmin((tx) => mergeTickets(tx, { from, into }))
  expect([await pagesOf(into), await pagesOf(own!.id)]).toEqual([1, 0])
})

test('one report a day goes to whoever switched it on, however many engines race', async () => {
  const source = await aSource(on, { teamId: team, escalationPolicyId: policy })
  await cast(source.id, true)
  await cast(source.id, true)
  await source.say({ title: 'By night', dedup_key: 'night' })
  await sweepSteps(on.base.db)
  await on.moveOn(3 * 86_400)
  const racing = () => Promise.all([1, 2, 3, 4].map(() => sweepShadowReports(on.base.db)))
  for (let day = 0; day < 6; day++) await racing()
  const { rows } = await sql<{ day: string; told: number; mine: boolean; pages: number }>`
    select a.after ->> 'day' as day, count(n.id) as told, bool_and(n.person_id = ${admin.id}) as mine,
      max((a.after ->> 'pages')::int) as pages
    from activity a left join notice n on n.activity_id = a.id
    where a.subject_id = ${source.id} and a.verb = 'report-shadow' group by 1 order by 1`.execute(on.base.db)
  expect(rows.length).toBeGreaterThanOrEqual(2)
  expect(rows.map(({ told, mine }) => [told, mine])).toEqual(rows.map(() => [1, true]))
  expect(rows[0]!.pages).toBe(1)

  await cast(source.id, false)
  const engine = startEngine(on.base)
  try {
    const mails = () =>
      on.base.db
        .selectFrom('local_mail')
        .selectAll()
        .where('person_id', '=', admin.id)
        .orderBy('subject')
        .execute()
    await until(async () => (await mails()).length >= rows.length)
    const [first] = await mails()
    expect(first!.subject).toContain(`In shadow on ${rows[0]!.day}`)
    expect(first!.body_text).toContain('would have gone out: 1')
  } finally {
    await engine.stop()
  }
})

test('bad input is answered with words', async () => {
  const source = await aSourceOf(true)
  const nowhere = '019ab000-0000-7000-8000-000000000000'
  expect((await call(`/integrations/${source.id}/shadow?day=2026-02-30`)).status).toBe(422)
  expect((await call(`/integrations/${source.id}/shadow?day=0001-01-01`)).status).toBe(422)
  expect((await call(`/integrations/${source.id}/shadow?cursor=x`)).status).toBe(400)
  expect((await call(`/integrations/${nowhere}/shadow`)).status).toBe(404)
  const patch = (id: string, body: unknown) =>
    testApi(on.base.db).call(admin.key, 'PATCH', `/api/v1/integrations/${id}`, body)
  expect((await patch(source.id, { shadow: 'yes' })).status).toBe(422)
  expect((await patch(nowhere, { shadow: true })).status).toBe(404)
  expect((await patch(source.id, { shadow: false })).status).toBe(200)
  expect(await (await call(`/integrations/${source.id}`)).json()).toMatchObject({ shadow: null })
  await patch(source.id, { shadow: true })
  expect(await (await call(`/integrations/${source.id}`)).json()).toMatchObject({
    shadow: { by: { id: admin.id } },
  })
})
