import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Dimension, type Figure, KPIS, reconcile } from '@tocsin/analytics'
import {
  beginImport,
  checkImport,
  importProgress,
  mapImport,
  stageImport,
  startImport,
  sweepImports,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database, figuresOf, type TestDatabase, type TestFigures } from '../harness/index.ts'

/** Histories of other kinds, as a stranger brings them in, give the figures that were published of them. */

const folder = join(process.env.TOCSIN_FIXTURES ?? '../shared', 'datasets')
const FILES = {
  github_status_incidents: join(folder, 'github_status_incidents/incidents.jsonl.gz'),
  ticket_text_8500: join(folder, 'ticket_text_8500/tickets.csv.gz'),
}
const here = existsSync(FILES.github_status_incidents)
const published: Record<string, Record<string, { value: unknown }>> = here
  ? JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
  : {}
/** As published: rounded to two decimals and more. */
const like = (given: unknown): unknown => {
  if (typeof given === 'number') return Number.isInteger(given) ? given : expect.closeTo(given, 2)
  if (Array.isArray(given)) return given.map(like)
  if (given === null || typeof given !== 'object') return given
  return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, like(one)]))
}

let record: TestDatabase
let figures: TestFigures
async function bringIn(name: string, bytes: Buffer, mapping: (guess: object) => object) {
  record = await database()
  figures = await figuresOf(record.db)
  const { db } = record
  const file = {
    name,
    bytes: (async function* () {
      yield bytes
    })(),
  }
  const { id } = await stageImport(db, SYSTEM, file)
  const { guess } = await beginImport(db, id)
  await transact(db, SYSTEM, (tx) => mapImport(tx, id, mapping(guess!) as never))
  for (const step of [checkImport, startImport]) {
    await transact(db, SYSTEM, (tx) => step(tx, id))
    while ((await sweepImports(db)) > 0);
  }
  await figures.follow()
  return { guess, ...(await importProgress(db, id)) }
}
const leave = async () => {
  await figures?.close()
  await record?.drop()
}
type Imported = Awaited<ReturnType<typeof bringIn>>

async function rows<R extends object>(query: RawBuilder<unknown>): Promise<R[]> {
  return (await query.execute(record.db)).rows as R[]
}
const pairs = async (query: RawBuilder<unknown>) =>
  (await rows<{ key: string; n: number }>(query)).map(({ key, n }) => [key, n])
const counts = async (query: RawBuilder<unknown>) => Object.fromEntries(await pairs(query))
const MEASURES = sql`count(x)::int as n, avg(x)::float8 as mean,
  percentile_cont(array[0.5, 0.9, 0.95]) within group (order by x) as parts, min(x)::float8 as min, max(x)::float8 as max`
async function spread(values: RawBuilder<unknown>) {
  const [{ parts, ...told }] = (await rows(sql`select ${MEASURES} from ${values} d`)) as never as [
    { parts: number[] },
  ]
  const [median, p90, p95] = parts
  return { ...told, median, p90, p95 }
}
const READINGS = ['store', 'record'] as const
function ask(name: string, by: Dimension, reading: (typeof READINGS)[number], filter: object = {}) {
  const kpi = KPIS.find((one) => one.name === name)!
  const question = {
    from: new Date('2010-01-01'),
    to: new Date('2030-01-01'),
    by,
    zone: 'UTC',
    filter,
    scope: { all: true, teams: [] },
  }
  return reading === 'store' ? kpi.fromStore(figures.store, question) : kpi.fromRecord(record.db, question)
}
const values = (series: Record<string, Figure>) =>
  Object.fromEntries(Object.entries(series).map(([key, { value }]) => [key, value]))
const bothAgree = async () => expect((await reconcile(figures.pipe, figures.store))!.differences).toEqual([])

describe.skipIf(!here)('819 incidents of a status page, one row an update', () => {
  interface Given {
    id: string
    title: string
    impact: string
    components?: string[]
    components_source?: string
    downtime_start: string
    downtime_end: string
    updates: { at: string; status: string; message: string }[]
  }
  const given: Given[] = here
    ? gunzipSync(readFileSync(FILES.github_status_incidents))
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []
  const expected = (name: string) => published.github_status_incidents![name]!.value
  const value = <T>(name: string) => expected(name) as T
  let imported: Imported
  beforeAll(async () => {
    const cell = (text = '') => `"${text.replaceAll('"', '""')}"`
    const head = 'id,title,impact,components,inferred,downtime_start,downtime_end,updated_at,status,message'
    const lines = given.flatMap(({ updates, ...one }) =>
      updates.map(({ at, status, message }) =>
        [
          one.id,
          one.title,
          one.impact,
          one.components?.join('|'),
          one.components_source,
          one.downtime_start,
          one.downtime_end,
          at,
          status,
          message,
        ]
          .map(cell)
          .join(','),
      ),
    )
    imported = await bringIn('status.csv', Buffer.from([head, ...lines].join('\n')), (guess) => ({
      ...guess,
      source: 'status',
      // One of its impacts is called so.
      missing: [],
      description: undefined,
      impact: undefined,
      item: undefined,
      kind: {
        from: 'impact',
        values: {
          minor: 'incident',
          major: 'incident',
          critical: 'incident',
          none: 'request',
          maintenance: 'change',
        },
      },
      priority: {
        from: 'impact',
        values: { critical: 'P1', major: 'P2', minor: 'P3', none: 'P4', maintenance: 'P5' },
      },
      state: {
        from: 'status',
        values: {
          investigating: { state: 'in_progress' },
          resolved: { state: 'resolved' },
          completed: { state: 'resolved' },
        },
      },
      comments: { from: 'message' },
      tags: 'components',
      fields: { impact: 'impact', inferred: 'inferred', components: 'components' },
    }))
  }, 60_000)
  afterAll(leave)

  const REAL = sql`(select * from ticket where kind = 'incident')`
  const minutes = sql`extract(epoch from resolved_at - created_at) / 60.0`

  it('is seen for what it is', () =>
    expect(imported.guess).toMatchObject({
      number: 'id',
      title: 'title',
      created_at: 'downtime_start',
      resolved_at: 'downtime_end',
      at: 'updated_at',
      state: { from: 'status' },
    }))

  it('is all there, and both stores agree', async () => {
    expect([imported.refused, imported.mapping!.rows]).toEqual([0, 'update'])
    await bothAgree()
    const [whole] = await rows<Record<string, unknown>>(sql`
      select count(*)::int as incidents, count(*) filter (where created_at is null)::int as no_start,
        count(*) filter (where resolved_at is null)::int as no_end,
        count(*) filter (where not fields ? 'components' and kind = 'incident')::int as no_component,
        count(*) filter (where fields ? 'inferred' and kind = 'incident')::int as inferred,
        array[min(created_at), max(created_at)] as span from ticket`)
    expect(whole).toMatchObject({
      incidents: value('incidents'),
      no_start: 0,
      no_end: value<{ no_end: number }>('missing_times').no_end,
      no_component: value('no_component'),
      inferred: value('components_inferred'),
      span: value<string[]>('span').map((at) => new Date(at)),
    })
    expect(
      await counts(sql`select fields ->> 'impact' as key, count(*)::int as n from ticket group by 1`),
    ).toEqual(value('by_impact'))
  })

  it('counts incidents by year, month, component and title', async () => {
    const period = (form: string, year = '') =>
      counts(sql`select to_char(created_at, ${form}) as key, count(*)::int as n from ${REAL} t
        where to_char(created_at, 'YYYY') like ${`${year}%`} group by 1`)
    expect(await period('YYYY')).toEqual(value('incidents_per_year'))
    expect(await period('YYYY-MM', '2025')).toEqual(value('incidents_per_month_2025'))
    const byTag = await counts(sql`select g.name as key, count(*)::int as n from ${REAL} t
      join ticket_tag x on x.ticket_id = t.id join tag g on g.id = x.tag_id group by 1`)
    expect(byTag).toEqual(
      Object.fromEntries(
        Object.entries(value<Record<string, number>>('by_component')).map(([name, n]) => [
          name.toLowerCase().replaceAll(' ', '-'),
          n,
        ]),
      ),
    )
    expect(
      await pairs(
        sql`select title as key, count(*)::int as n from ${REAL} t group by 1 order by 2 desc, 1 limit 10`,
      ),
    ).toEqual(value('top10_titles'))
  })

  it.each(READINGS)('shows them in the figures, as the %s tells them', async (reading) => {
    const only = { kind: 'incident' }
    const { series } = await ask('volume', 'month', reading, only)
    const months = Object.entries(values(series)).filter(([month]) => month.startsWith('2025'))
    expect(Object.fromEntries(months.map(([month, n]) => [month.slice(0, 7), n]))).toEqual(
      value('incidents_per_month_2025'),
    )
    const hoursOf = ({ n, value: mean, median, p90 }: Figure) => ({
      n,
      mean: Number(mean) / 60_000,
      median: Number(median) / 60_000,
      p90: Number(p90) / 60_000,
    })
    const told = ({ n, mean, median, p90 }: Record<string, number>) => like({ n, mean, median, p90 })
    const times = await ask('time_to_resolve', 'priority', reading, only)
    expect(hoursOf(times.whole)).toEqual(told(value('duration_minutes')))
    const parts = value<Record<string, Record<string, number>>>('duration_minutes_by_impact')
    for (const [priority, impact] of [
      ['P1', 'critical'],
      ['P2', 'major'],
      ['P3', 'minor'],
    ] as const)
      expect([impact, hoursOf(times.series[priority]!)]).toEqual([impact, told(parts[impact]!)])
  })

  it('keeps how long they took and how often they were told of', async () => {
    expect(await spread(sql`(select ${minutes} as x from ${REAL} t)`)).toEqual(
      like(value('duration_minutes')),
    )
    const told = sql`(select t.id, m.created_at, lag(m.created_at) over (partition by t.id order by m.created_at, m.id) as before
      from ${REAL} t join message m on m.ticket_id = t.id)`
    expect(await spread(sql`(select count(*) as x from ${told} u group by id)`)).toEqual(
      like(value('updates_per_incident')),
    )
    expect(
      await spread(
        sql`(select extract(epoch from created_at - before) / 60.0 as x from ${told} u where before is not null)`,
      ),
    ).toEqual(like(value('minutes_between_updates')))
  })

  it('has the availability of a year and of its months, overlaps counted once', async () => {
    const availability = async (where: RawBuilder<unknown>, from: string, to: string) => {
      const [row] = await rows<Record<string, number>>(sql`
        select count(*) filter (where created_at >= ${from}::timestamptz)::int as started,
          sum(extract(epoch from least(resolved_at, ${to}) - greatest(created_at, ${from}))) / 60 as sum,
          avg(${minutes}) filter (where created_at >= ${from}::timestamptz) / 60 as mtrs,
          (select sum(extract(epoch from upper(r) - lower(r))) / 60 from unnest(
            range_agg(tstzrange(greatest(created_at, ${from}), least(resolved_at, ${to})))) r) as joined,
          extract(epoch from ${to}::timestamptz - ${from}::timestamptz) / 60 as period
        from ${REAL} t where ${where} and created_at < ${to}::timestamptz and resolved_at >= ${from}::timestamptz`)
      const { started, sum, mtrs, joined, period } = Object.fromEntries(
        Object.entries(row!).map(([key, n]) => [key, Number(n)]),
      ) as Record<'started' | 'sum' | 'mtrs' | 'joined' | 'period', number>
      return {
        period_minutes: period,
        incidents_started: started,
        sum_minutes: sum,
        union_minutes: joined,
        availability: (period - joined) / period,
        mtbf_hours: (period - joined) / started / 60,
        mtrs_hours: mtrs,
      }
    }
    const year = ['2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z'] as const
    for (const [name, where] of [
      ['any_impact', sql`true`],
      ['major_critical', sql`priority in ('P1', 'P2')`],
      [
        'Actions_component',
        sql`exists (select from ticket_tag x join tag g on g.id = x.tag_id where x.ticket_id = t.id and g.name = 'actions')`,
      ],
    ] as const)
      expect([name, await availability(where, ...year)]).toEqual([
        name,
        like(expected(`availability_2025_${name}`)),
      ])
    for (const [month, share] of Object.entries(
      value<Record<string, number>>('availability_by_month_2025_any_impact'),
    )) {
      const end = new Date(`${month}-01T00:00:00Z`)
      end.setUTCMonth(end.getUTCMonth() + 1)
      const told = await availability(sql`true`, `${month}-01T00:00:00Z`, end.toISOString())
      expect([month, told.availability]).toEqual([month, expect.closeTo(share, 4)])
    }
  })
})

describe.skipIf(!here)('8,500 tickets of texts alone, with neither dates nor numbers', () => {
  const value = <T>(name: string) => published.ticket_text_8500![name]!.value as T
  let imported: Imported
  beforeAll(async () => {
    imported = await bringIn('tickets.csv.gz', readFileSync(FILES.ticket_text_8500), (guess) => ({
      ...guess,
      source: 'texts',
      created_at: { value: '2016-11-01' },
      fields: { short: 'Short description' },
    }))
  }, 60_000)
  afterAll(leave)

  const SHORT = sql`lower(regexp_replace(btrim(regexp_replace(fields ->> 'short', '(, |\\s)+', ' ', 'g'), ' '), '[.]+$', ''))`

  it('is seen for what it is, and all there', async () => {
    expect(imported.guess).toMatchObject({
      source: 'tickets',
      number: { line: 'line-' },
      title: 'Short description',
      description: 'Description',
      requester: 'Caller',
      team: 'Assignment group',
    })
    expect([imported.refused, imported.report.tickets]).toEqual([0, value('rows')])
    await bothAgree()
    const [row] = await rows(
      sql`select count(distinct requester_id)::int as callers, count(distinct team_id)::int as groups from ticket`,
    )
    expect(row).toEqual({ callers: value('callers'), groups: value('groups') })
  })

  it.each(READINGS)('shows its groups in the figures, as the %s tells them', async (reading) => {
    const names = await counts(sql`select id::text as key, name as n from team`)
    const { whole, series } = await ask('volume', 'team', reading)
    expect(whole.value).toBe(value('rows'))
    const counted = Object.entries(values(series)).map(([id, n]) => [names[id], n])
    expect(counted.toSorted((a, b) => Number(b[1]) - Number(a[1])).slice(0, 10)).toEqual(
      value('top10_groups'),
    )
  })

  it('keeps who asked, what was said, and what was said again', async () => {
    expect(
      await pairs(sql`select p.name as key, count(*)::int as n from ticket t join person p on p.id = t.requester_id
        group by 1 order by 2 desc, 1 limit 10`),
    ).toEqual(value('top10_callers'))
    expect(
      await pairs(
        sql`select ${SHORT} as key, count(*)::int as n from ticket group by 1 order by 2 desc, 1 limit 15`,
      ),
    ).toEqual(value('top15_short_descriptions'))
    const [row] = await rows(sql`
      select count(*) filter (where not fields ? 'short')::int as short_description,
        count(*) filter (where description = '')::int as description from ticket`)
    expect(row).toEqual(value('empty'))
    const [again] = await rows<{ count: number; of: number }>(sql`
      select sum(n) filter (where n > 1)::int as count, sum(n)::int as of
      from (select count(*) as n from ticket group by ${SHORT}) d`)
    expect(again).toEqual({
      count: value<{ count: number }>('repeated_short_description_share').count,
      of: 8_500,
    })
    const [twice] = await rows<{ n: number }>(sql`
      select count(*)::int - count(distinct (fields ->> 'short', replace(description, E'\\r\\n', E'\\n'), requester_id, team_id))::int as n
      from ticket`)
    // Blanks around a text are not kept, and four more are then the same.
    expect(twice!.n).toBe(
      value<{ newlines_normalised: number }>('exact_duplicate_rows').newlines_normalised + 4,
    )
  })

  it('keeps what its monitoring wrote', async () => {
    const MONITORED = sql`description like '%monitoring_tool@company.com%'`
    expect(
      await counts(sql`select 'count' as key, count(*)::int as n from ticket where ${MONITORED}`),
    ).toEqual({
      count: value<{ count: number }>('from_monitoring').count,
    })
    expect(
      await pairs(sql`select m.name as key, count(*)::int as n from ticket t join team m on m.id = t.team_id
        where ${MONITORED} group by 1 order by 2 desc, 1 limit 5`),
    ).toEqual(value('from_monitoring_top5_groups'))
    const JOB = `job +(\\S+) +failed +in +job_scheduler +at: *(\\d\\d/\\d\\d/\\d{4} \\d\\d:\\d\\d:\\d\\d)`
    const jobs = await rows<{ job: string; at: string }>(sql`
      select lower(j[1]) as job, to_char(to_timestamp(j[2], 'MM/DD/YYYY HH24:MI:SS'), 'YYYY-MM-DD HH24:MI:SS') as at
      from (select coalesce(regexp_match(title, ${JOB}, 'i'), regexp_match(description, ${JOB}, 'i')) as j from ticket) d
      where j is not null order by 2`)
    const counted = new Map<string, number>()
    for (const { job } of jobs) counted.set(job, (counted.get(job) ?? 0) + 1)
    const failed = value<Record<string, unknown>>('job_failed_alerts')
    expect({
      tickets: jobs.length,
      distinct_jobs: counted.size,
      first: jobs[0]!.at,
      last: jobs.at(-1)!.at,
    }).toEqual({
      tickets: failed.tickets,
      distinct_jobs: failed.distinct_jobs,
      first: failed.first,
      last: failed.last,
    })
    expect([...counted].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 10)).toEqual(
      failed.top10,
    )
  })

  it('keeps every word', async () => {
    const words = sql`(select coalesce(array_length(regexp_split_to_array(nullif(btrim(fields ->> 'short'), ''), '\\s+'), 1), 0)
      + coalesce(array_length(regexp_split_to_array(nullif(btrim(description), ''), '\\s+'), 1), 0) as x from ticket)`
    expect(await spread(words)).toEqual(like(value('word_count')))
  })
})
