import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Dimension, type Figure, KPIS, type Question, reconcile } from '@tocsin/analytics'
import {
  mapImport,
  READY_MAPPINGS,
  stageImport,
  startImport,
  sweepImports,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { readWords } from '@tocsin/api/routes/imports/read'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  database,
  figuresOf,
  hoursInStates,
  RECORD_FIGURES,
  type TestDatabase,
  type TestFigures,
} from '../harness/index.ts'

/** A real log of another desk, imported by the ready mapping, gives the figures that its keepers published. */

const folder = join(process.env.TOCSIN_FIXTURES ?? '../shared', 'datasets')
const file = join(folder, 'uci_incident_event_log/incident_event_log.csv.gz')
const here = existsSync(file)
interface Expected {
  value: never
}
interface Share {
  count: number
  of: number
  share: number
}
interface Times {
  n: number
  mean: number
  median: number
  p90: number
}
interface Backlog {
  unresolved: number
  unresolved_older_30d: number
  unresolved_by_priority: Record<string, number>
}
const expected: Record<string, Expected> = here
  ? JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')).uci_incident_event_log
  : {}
const value = <T>(name: string) => expected[name]!.value as T
const HOUR = 3_600_000

/** Told by the tests below that read the figures of the pages, or by what is no figure of an import; of every other the record is asked. */
const TOLD_ELSEWHERE = new Set([
  'span',
  'final_record',
  'incidents_that_ever_had_state',
  'sla_made_event_share_WRONG',
  'as_of_state_2016_05_01',
  'hours_in_state',
  'anomalies',
  // Rows, not incidents: the page of an import tells them before it is begun.
  'events_by_state',
  'events_by_priority',
  // A ticket begins as new at its opening here, whatever the first row of its log says.
  'incidents_by_first_state',
])
/** As published: rounded to four decimals, shares to six. */
const like = (given: unknown): unknown => {
  if (typeof given === 'number') return expect.closeTo(given, 3)
  if (Array.isArray(given)) return given.map(like)
  if (given === null || typeof given !== 'object') return given
  return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, like(one)]))
}

describe.skipIf(!here)('24,918 incidents out of 141,712 updates', () => {
  let record: TestDatabase
  let figures: TestFigures
  /** What teams, services and categories are called. */
  let names: Map<string, string>
  const rowWords = new Map<string, [string, number][]>()
  beforeAll(async () => {
    record = await database()
    figures = await figuresOf(record.db)
    const { db } = record
    const { id } = await stageImport(db, SYSTEM, { name: 'log.csv.gz', bytes: createReadStream(file) })
    await transact(db, SYSTEM, (tx) => mapImport(tx, id, READY_MAPPINGS.servicenow!))
    for (const column of ['incident_state', 'priority'])
      rowWords.set(
        column,
        (await readWords(db, id, column)).map(({ value: word, count }) => [word, count]),
      )
    // Checked as a whole elsewhere; here the import itself is what matters.
    await sql`update import set state = 'checked'`.execute(db)
    await transact(db, SYSTEM, (tx) => startImport(tx, id))
    while ((await sweepImports(db)) > 0);
    await figures.follow()
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name ->> 'en' as name from service union all select id, name ->> 'en' from category
      union all select id, name from team`.execute(db)
    names = new Map(rows.map((row) => [row.id, row.name]))
  }, 240_000)
  afterAll(async () => {
    await figures?.close()
    await record?.drop()
  })

  const KPI_NAMES = ['store', 'record'] as const
  type Reading = (typeof KPI_NAMES)[number]
  const ask = (name: string, by: Dimension, reading: Reading, to = '2030-01-01T00:00:00Z') => {
    const question: Question = {
      from: new Date('2010-01-01'),
      to: new Date(to),
      by,
      zone: 'UTC',
      filter: {},
      scope: { all: true, teams: [] },
    }
    const kpi = KPIS.find((one) => one.name === name)!
    return reading === 'store' ? kpi.fromStore(figures.store, question) : kpi.fromRecord(record.db, question)
  }
  const monthly = <V>(counts: Record<string, V>) =>
    Object.fromEntries(Object.entries(counts).map(([month, count]) => [`${month}-01`, count]))
  const PRIORITIES = { P1: '1 - Critical', P2: '2 - High', P3: '3 - Moderate', P4: '4 - Low' }
  const byPriority = <V>(given: Record<string, V>) =>
    Object.fromEntries(
      Object.entries(PRIORITIES).flatMap(([code, word]) => (word in given ? [[code, given[word]!]] : [])),
    )
  const told = <V>(series: Record<string, Figure>, read: (figure: Figure) => V) =>
    Object.fromEntries(Object.entries(series).map(([key, figure]) => [key, read(figure)]))

  it('is all there, and both stores agree', async () => {
    const { rows } = await sql<{ report: { unknown: unknown } }>`select report from import`.execute(record.db)
    expect(rows[0]!.report.unknown).toEqual([{ field: 'state', value: '-100', count: 5 }])
    expect((await reconcile(figures.pipe, figures.store))!.differences).toEqual([])
  })

  it('leaves no published figure out', () => {
    const asked = new Set([...Object.keys(RECORD_FIGURES), ...TOLD_ELSEWHERE])
    expect(Object.keys(expected).filter((name) => !asked.has(name))).toEqual([])
  })

  it.each(Object.keys(RECORD_FIGURES))('has in its record: %s', async (name) => {
    expect(await RECORD_FIGURES[name]!(record.db)).toEqual(like(value(name)))
  })

  it('spans the time that its keepers name', async () => {
    const { rows } = await sql<Record<string, Date>>`
      select min(created_at) as opened_min, max(created_at) as opened_max, max(closed_at) as closed_max,
        max(updated_at) as updated_max from ticket where source = 'servicenow'`.execute(record.db)
    const { updated_min: _, ...span } = value<Record<string, string>>('span')
    expect(
      Object.fromEntries(
        Object.entries(rows[0]!).map(([key, at]) => [key, at.toISOString().slice(0, 19).replace('T', ' ')]),
      ),
    ).toEqual(span)
  })

  it('counts rows before it is begun, as the page of the mapping shows them', () => {
    for (const [column, name] of [
      ['incident_state', 'events_by_state'],
      ['priority', 'events_by_priority'],
    ] as const)
      expect(Object.fromEntries(rowWords.get(column)!)).toEqual(value(name))
  })

  describe.each(KPI_NAMES)('as the %s tells the figures of the pages', (reading) => {
    it('volume by month, weekday, hour, priority, team and category', async () => {
      const counted = async (by: Dimension) =>
        told((await ask('volume', by, reading)).series, ({ value: n }) => n)
      expect((await ask('volume', 'none', reading)).whole.value).toBe(value('incidents'))
      expect(await counted('month')).toEqual(monthly(value<Record<string, number>>('opened_per_month')))
      expect(await counted('priority')).toEqual(
        byPriority(value<Record<string, number>>('incidents_by_priority')),
      )
      const plain = (counts: Record<string, unknown>) =>
        Object.fromEntries(Object.entries(counts).map(([key, n]) => [String(Number(key)), n]))
      expect(plain(await counted('hour'))).toEqual(value('opened_per_hour'))
      const weekdays = value<Record<string, number>>('opened_per_weekday')
      expect(plain(await counted('weekday'))).toEqual(
        Object.fromEntries(
          ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((day, place) => [place + 1, weekdays[day]]),
        ),
      )
      const named = async (by: Dimension) => {
        const counts = Object.entries(await counted(by))
        return Object.fromEntries(counts.map(([id, n]) => [names.get(id) ?? '?', n]))
      }
      for (const [by, top] of [
        ['team', 'top10_assignment_group'],
        ['category', 'top10_category'],
        ['service', 'top10_category'],
      ] as const)
        expect(await named(by)).toMatchObject(Object.fromEntries(value<[string, number][]>(top)))
    })

    it('the backlog at the end of each month, by age and by priority', async () => {
      const months = Object.entries(value<Record<string, Backlog>>('backlog_month_end'))
      const { series } = await ask('backlog', 'month', reading, '2017-03-01T00:00:00Z')
      for (const [
        month,
        { unresolved, unresolved_older_30d: old, unresolved_by_priority: parts },
      ] of months) {
        const [year, number] = month.split('-').map(Number) as [number, number]
        const end = new Date(Date.UTC(year, number, 1)).toISOString()
        const { whole } = await ask('backlog', 'none', reading, end)
        expect([month, whole.value, whole.over_30_days]).toEqual([month, unresolved, old])
        expect([month, series[`${month}-01`]?.value ?? 0]).toEqual([month, unresolved])
        const shown = await ask('backlog', 'priority', reading, end)
        expect([month, told(shown.series, ({ value: n }) => n)]).toEqual([month, byPriority(parts)])
      }
    })

    it('the times to resolve and to the first reaction', async () => {
      const hoursOf = ({ n, value: mean, median, p90 }: Figure) => ({
        n,
        mean: Number(mean) / HOUR,
        median: Number(median) / HOUR,
        p90: Number(p90) / HOUR,
      })
      const near = ({ n, mean, median, p90 }: Times) => like({ n, mean, median, p90 })
      const whole = async (name: string) => hoursOf((await ask(name, 'none', reading)).whole)
      expect(await whole('time_to_resolve')).toEqual(near(value('resolution_time_hours')))
      expect(await whole('time_to_acknowledge')).toEqual(near(value('time_to_first_non_new_hours')))
      const { series } = await ask('time_to_resolve', 'priority', reading)
      const times = byPriority(value<Record<string, Times>>('resolution_time_hours_by_priority'))
      expect(told(series, hoursOf)).toEqual(
        Object.fromEntries(Object.entries(times).map(([key, one]) => [key, near(one)])),
      )
      const months = await ask('time_to_resolve', 'month', reading)
      expect(told(months.series, ({ n }) => n)).toEqual(
        monthly(value<Record<string, number>>('resolved_per_month')),
      )
    })

    it('the outcomes of the promises as they came, by ticket and not by row', async () => {
      const counts = ({ met, n }: Figure) => [met, n]
      const shares = (given: Record<string, Share>) =>
        Object.fromEntries(Object.entries(given).map(([key, { count, of }]) => [key, [count, of]]))
      const { whole } = await ask('sla_resolution', 'none', reading)
      const { count, of, share } = value<Share>('sla_made_incident_share')
      expect(counts(whole)).toEqual([count, of])
      expect(whole.value! / 100).toBeCloseTo(share, 3)
      expect(whole.value! / 100).not.toBeCloseTo(value<Share>('sla_made_event_share_WRONG').share, 1)
      const closed = await ask('sla_resolution', 'month', reading)
      expect(told(closed.series, counts)).toEqual(monthly(shares(value('sla_made_share_by_closed_month'))))
      const priorities = await ask('sla_resolution', 'priority', reading)
      expect(told(priorities.series, counts)).toEqual(byPriority(shares(value('sla_made_share_by_priority'))))
    })

    it('what was reopened, and what recurs', async () => {
      const { whole } = await ask('reopen_rate', 'none', reading)
      const { count, of } = value<Share>('reopened_share')
      expect([whole.reopened, whole.n, whole.reopenings]).toEqual([count, of, value('reopen_events')])
      const pairs = Object.values((await ask('recurring', 'symptom', reading)).series).map(
        ({ service, symptom, n }) => [names.get(String(service)), symptom, n] as const,
      )
      const most = value<[string, string, number][]>('top10_category_symptom')
      expect(pairs).toContainEqual(most[0])
      // The list is ranked by hours lost: pairs that are many and short-lived need not stand in it.
      const published = new Map(most.map(([category, symptom, n]) => [`${category} ${symptom}`, n]))
      const both = pairs.filter(([service, symptom]) => published.has(`${service} ${symptom}`))
      expect(both.length).toBeGreaterThan(5)
      for (const [service, symptom, n] of both) expect(n).toBe(published.get(`${service} ${symptom}`))
    })
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

  it('keeps how long each state lasted, and how many were ever in it', async () => {
    const states = await hoursInStates(record.db)
    const ever = value<Record<string, number>>('incidents_that_ever_had_state')
    const lasted = value<Record<string, { total_hours: number }>>('hours_in_state')
    // A state that the mapping does not know leaves the ticket in the one before.
    const strange = lasted['-100']!.total_hours
    for (const [state, word] of [
      ['resolved', 'Resolved'],
      ['in_progress', 'Active'],
      ['pending requester', 'Awaiting User Info'],
      ['pending vendor', 'Awaiting Vendor'],
      ['closed', 'Closed'],
    ] as const) {
      const { hours, incidents } = states.get(state)!
      expect([word, incidents]).toEqual([word, ever[word]])
      // What came after the end changed nothing, so nothing here knows how long it went on.
      if (state === 'closed') continue
      expect([word, Math.abs(hours - lasted[word]!.total_hours) <= strange]).toEqual([word, true])
    }
    // Problem and evidence are one reason here.
    const other = states.get('pending other')!
    expect(other.hours).toBeCloseTo(
      lasted['Awaiting Problem']!.total_hours + lasted['Awaiting Evidence']!.total_hours,
      1,
    )
    expect(other.incidents).toBeGreaterThanOrEqual(ever['Awaiting Problem']!)
    expect(other.incidents).toBeLessThanOrEqual(ever['Awaiting Problem']! + ever['Awaiting Evidence']!)
  })

  it('keeps the order of the file where counters and clocks go back', async () => {
    const { rows } = await sql<{ key: string; state: string; back: number }>`
      select t.external_id as key, t.state, (select count(*) from (
          select at < lag(at) over (order by revision) as back from ticket_state s where s.ticket_id = t.id) h
        where back)::int as back
      from ticket t where t.external_id = any(${value<string[]>('anomalies')}) order by 1`.execute(record.db)
    expect(rows).toEqual(value<string[]>('anomalies').map((key) => ({ key, state: 'closed', back: 0 })))
  })
})
