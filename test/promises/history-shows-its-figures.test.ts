import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Dimension, KPIS, type Question, reconcile } from '@tocsin/analytics'
import {
  mapImport,
  READY_MAPPINGS,
  stageImport,
  startImport,
  sweepImports,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database, figuresOf, type TestDatabase, type TestFigures } from '../harness/index.ts'

/** A real log of another desk, imported by the ready mapping, gives the figures that its keepers published. */

const folder = join(process.env.TOCSIN_FIXTURES ?? '../shared', 'datasets')
const file = join(folder, 'uci_incident_event_log/incident_event_log.csv.gz')
const here = existsSync(file)
interface Expected {
  value: never
}
const expected: Record<string, Expected> = here
  ? JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')).uci_incident_event_log
  : {}
const value = <T>(name: string) => expected[name]!.value as T
const HOUR = 3_600_000

describe.skipIf(!here)('24,918 incidents out of 141,712 updates', () => {
  let record: TestDatabase
  let figures: TestFigures
  let services: Map<string, string>
  beforeAll(async () => {
    record = await database()
    figures = await figuresOf(record.db)
    const { db } = record
    const { id } = await stageImport(db, SYSTEM, { name: 'log.csv.gz', bytes: createReadStream(file) })
    await transact(db, SYSTEM, (tx) => mapImport(tx, id, READY_MAPPINGS.servicenow!))
    // Checked as a whole elsewhere; here the import itself is what matters.
    await sql`update import set state = 'checked'`.execute(db)
    await transact(db, SYSTEM, (tx) => startImport(tx, id))
    while ((await sweepImports(db)) > 0);
    await figures.follow()
    const { rows } = await sql<{
      id: string
      name: string
    }>`select id, name ->> 'en' as name from service`.execute(db)
    services = new Map(rows.map((row) => [row.id, row.name]))
  }, 240_000)
  afterAll(async () => {
    await figures?.close()
    await record?.drop()
  })

  const ask = (name: string, by: Dimension = 'none', to = '2030-01-01') => {
    const question: Question = {
      from: new Date('2010-01-01'),
      to: new Date(`${to}T00:00:00Z`),
      by,
      zone: 'UTC',
      filter: {},
      scope: { all: true, teams: [] },
    }
    return KPIS.find((kpi) => kpi.name === name)!.fromStore(figures.store, question)
  }
  const byMonth = (counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).map(([month, count]) => [`${month}-01`, count]))
  const counted = async (name: string, by: Dimension) =>
    Object.fromEntries(Object.entries((await ask(name, by)).series).map(([key, { value: n }]) => [key, n]))

  it('is all there, and both stores agree', async () => {
    const { rows } = await sql<{ incidents: number; people: number; report: { unknown: unknown } }>`
      select (select count(*) from ticket where source = 'servicenow') as incidents,
             (select report from import) as report`.execute(record.db)
    expect(rows[0]!.incidents).toBe(value('incidents'))
    expect(rows[0]!.report.unknown).toEqual([{ field: 'state', value: '-100', count: 5 }])
    expect((await reconcile(figures.pipe, figures.store))!.differences).toEqual([])
  })

  it('shows volume by month, priority and hour', async () => {
    expect(await counted('volume', 'month')).toEqual(byMonth(value('opened_per_month')))
    const [critical, high, moderate, low] = ['1 - Critical', '2 - High', '3 - Moderate', '4 - Low'].map(
      (word) => value<Record<string, number>>('incidents_by_priority')[word],
    )
    expect(await counted('volume', 'priority')).toEqual({ P1: critical, P2: high, P3: moderate, P4: low })
    const hours = Object.entries(await counted('volume', 'hour')).map(([hour, n]) => [
      String(Number(hour)),
      n,
    ])
    expect(Object.fromEntries(hours)).toEqual(value('opened_per_hour'))
  })

  type Times = { n: number; mean: number; median: number; p90: number }
  const hoursOf = ({ n, value: mean, median, p90 }: Record<string, number | string | null>) => ({
    n,
    mean: Number(mean) / HOUR,
    median: Number(median) / HOUR,
    p90: Number(p90) / HOUR,
  })
  const near = ({ n, mean, median, p90 }: Times) => ({
    n,
    mean: expect.closeTo(mean, 3),
    median: expect.closeTo(median, 3),
    p90: expect.closeTo(p90, 3),
  })

  it('shows the times to resolve and to the first reaction', async () => {
    expect(hoursOf((await ask('time_to_resolve')).whole)).toEqual(near(value('resolution_time_hours')))
    const { series } = await ask('time_to_resolve', 'priority')
    const times = value<Record<string, Times>>('resolution_time_hours_by_priority')
    expect(hoursOf(series.P1!)).toEqual(near(times['1 - Critical']!))
    expect(hoursOf(series.P4!)).toEqual(near(times['4 - Low']!))
    expect(hoursOf((await ask('time_to_acknowledge')).whole)).toEqual(
      near(value('time_to_first_non_new_hours')),
    )
  })

  it('shows the outcomes of the promises as they came, by ticket and not by row', async () => {
    const { whole } = await ask('sla_resolution')
    const { count, of } = value<{ count: number; of: number }>('sla_made_incident_share')
    expect([whole.met, whole.n]).toEqual([count, of])
    const { series } = await ask('sla_resolution', 'month')
    const months = Object.entries(
      value<Record<string, { count: number; of: number }>>('sla_made_share_by_closed_month'),
    )
    expect(Object.fromEntries(Object.entries(series).map(([key, { met, n }]) => [key, [met, n]]))).toEqual(
      Object.fromEntries(months.map(([month, share]) => [`${month}-01`, [share.count, share.of]])),
    )
  })

  it('shows what was reopened, what was open at the end of each month, and what recurs', async () => {
    const { whole } = await ask('reopen_rate')
    expect([whole.reopened, whole.n]).toEqual([
      value<{ count: number }>('reopened_share').count,
      value<number>('incidents'),
    ])
    expect(whole.reopenings).toBe(value('reopen_events'))
    const months = value<Record<string, { unresolved: number }>>('backlog_month_end')
    for (const [end, month] of [
      ['2016-04-01', '2016-03'],
      ['2016-05-01', '2016-04'],
      ['2016-06-01', '2016-05'],
      ['2016-07-01', '2016-06'],
    ] as const)
      expect((await ask('backlog', 'none', end)).whole.value).toBe(months[month]!.unresolved)
    const pairs = Object.values((await ask('recurring', 'symptom')).series).map(
      ({ service, symptom, n }) => [services.get(String(service)), symptom, n] as const,
    )
    const most = value<[string, string, number][]>('top10_category_symptom')
    expect(pairs).toContainEqual(most[0])
    // The list is ranked by hours lost: pairs that are many and short-lived need not stand in it.
    const told = new Map(most.map(([category, symptom, n]) => [`${category} ${symptom}`, n]))
    const both = pairs.filter(([service, symptom]) => told.has(`${service} ${symptom}`))
    expect(both.length).toBeGreaterThan(5)
    for (const [service, symptom, n] of both) expect(n).toBe(told.get(`${service} ${symptom}`))
  })

  it('keeps the history: what stood in which state on a day of the past', async () => {
    const { rows } = await sql<{ state: string; reason: string | null; n: number }>`
      select s.state, s.pending_reason as reason, count(*) as n
      from ticket t cross join lateral (
        select state, pending_reason from ticket_state h
        where h.ticket_id = t.id and h.at < '2016-05-01' order by h.revision desc limit 1) s
      where t.created_at < '2016-05-01' and t.closed_at >= '2016-05-01' group by 1, 2`.execute(record.db)
    const then = Object.fromEntries(
      rows.map(({ state, reason, n }) => [reason ? `${state} ${reason}` : state, n]),
    )
    const told = value<Record<string, number>>('as_of_state_2016_05_01')
    expect(then).toEqual({
      new: told.New,
      in_progress: told.Active,
      resolved: told.Resolved,
      closed: told.Closed,
      'pending requester': told['Awaiting User Info'],
      'pending vendor': told['Awaiting Vendor'],
      'pending other': told['Awaiting Problem'],
    })
  })
})
