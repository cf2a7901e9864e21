import { sql } from 'kysely'
import type { Db } from '@tocsin/db'

/** The figures that the keepers of the incident log published, as the record tells them after an import. */
export type RecordFigure = (db: Db) => Promise<unknown>

const T = sql`(select * from ticket where source = 'servicenow')`
const words = (column: string, by: Record<string, string>) =>
  sql.raw(
    `case ${column} ${Object.entries(by)
      .map(([code, word]) => `when '${code}' then '${word}'`)
      .join(' ')} end`,
  )
const LEVEL = { high: '1 - High', medium: '2 - Medium', low: '3 - Low' }
const PRIORITY = words('t.priority', {
  P1: '1 - Critical',
  P2: '2 - High',
  P3: '3 - Moderate',
  P4: '4 - Low',
})
const IMPACT = words('t.impact', LEVEL)
const URGENCY = words('t.urgency', LEVEL)
const hours = (to: string, from: string) => sql.raw(`extract(epoch from (${to} - ${from})) / 3600.0`)
const RESOLUTION = hours('t.resolved_at', 't.created_at')
const CLOSING = hours('t.closed_at', 't.created_at')
const month = (column: string) => sql.raw(`to_char(${column}, 'YYYY-MM')`)
type Raw = ReturnType<typeof sql>
type Row = Record<string, unknown>

async function all<R extends object = Row>(db: Db, query: Raw): Promise<R[]> {
  return (await query.execute(db)).rows as R[]
}
const one = async (db: Db, query: Raw): Promise<Row> => (await all(db, query))[0]!
const number = async (db: Db, query: Raw) => Number((await one(db, query)).n)

/** Rows of `key` and `n`, by key; without those of no key. */
const byKey =
  (key: Raw, more: Raw = sql``): RecordFigure =>
  async (db) =>
    Object.fromEntries(
      (await all(db, sql`select ${key} as key, count(*)::int as n from ${T} t ${more} group by 1`))
        .filter(({ key: name }) => name !== null)
        .map(({ key: name, n }) => [name, n]),
    )

const MEASURES = sql`count(x)::int as n, avg(x)::float8 as mean,
  percentile_cont(array[0.5, 0.9, 0.95]) within group (order by x) as parts, min(x)::float8 as min, max(x)::float8 as max`
const told = ({ n, mean, parts, min, max }: Row) => {
  const [median, p90, p95] = (parts ?? []) as number[]
  return { n, mean, median, p90, p95, min, max }
}
const spread =
  (x: Raw): RecordFigure =>
  async (db) =>
    told(await one(db, sql`select ${MEASURES} from (select ${x} as x from ${T} t) d`))
const spreadByPriority =
  (x: Raw): RecordFigure =>
  async (db) =>
    Object.fromEntries(
      (
        await all(
          db,
          sql`select key, ${MEASURES} from (select ${PRIORITY} as key, ${x} as x from ${T} t) d group by key`,
        )
      ).map(({ key, ...row }) => [key, told(row)]),
    )

const SHARE = sql`count(*) filter (where kept)::int as count, count(*)::int as of`
const shareOf = ({ count, of }: Row) => ({ count, of, share: Number(count) / Number(of) })
const share =
  (kept: Raw, where: Raw = sql`true`): RecordFigure =>
  async (db) =>
    shareOf(await one(db, sql`select ${SHARE} from (select ${kept} as kept from ${T} t where ${where}) d`))
const shareBy =
  (key: Raw, kept: Raw): RecordFigure =>
  async (db) =>
    Object.fromEntries(
      (
        await all(
          db,
          sql`select key, ${SHARE} from (select ${key} as key, ${kept} as kept from ${T} t) d group by key`,
        )
      ).map(({ key, ...row }) => [key, shareOf(row)]),
    )

const top =
  (key: Raw, most = 10): RecordFigure =>
  async (db) =>
    (
      await all(
        db,
        sql`select coalesce(${key}, '?') as key, count(*)::int as n from ${T} t group by 1
          order by 2 desc, 1 limit ${most}`,
      )
    ).map(({ key, n }) => [key, n])
const field = (name: string) => sql.raw(`t.fields ->> '${name}'`)
const MET = sql`exists (select from sla_clock c where c.ticket_id = t.id and c.target = 'resolution' and c.state = 'met')`
const CATEGORY = sql`(select name ->> 'en' from category where id = t.category_id)`
const CALLER = sql`(select name from person where id = t.requester_id)`
const REASSIGNED = sql`(t.fields ->> 'reassignment_count')::int`

/** Spans of each ticket's states: from one change to the next. */
const SPANS = sql`(
  select s.ticket_id, s.revision, s.state, s.pending_reason, s.at as begins,
    lead(s.at) over (partition by s.ticket_id order by s.revision) as ends
  from ticket_state s join ticket t on t.id = s.ticket_id where t.source = 'servicenow')`

async function backlog(db: Db): Promise<unknown> {
  const rows = await all<{ month: string; at: Date }>(
    db,
    sql`select to_char(m, 'YYYY-MM') as month, m + interval '1 month' as at
        from generate_series('2016-02-01'::timestamptz, '2017-02-01', interval '1 month') m`,
  )
  const open = sql`t.created_at < m.at and coalesce(t.resolved_at, t.closed_at) >= m.at`
  const counted = await all(
    db,
    sql`with m as (select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m(month text, at timestamptz))
    select m.month, count(*) filter (where t.created_at < m.at and t.closed_at >= m.at)::int as not_closed,
      count(*) filter (where ${open})::int as unresolved,
      count(*) filter (where ${open} and m.at - t.created_at > interval '7 days')::int as week,
      count(*) filter (where ${open} and m.at - t.created_at > interval '30 days')::int as month_old,
      percentile_cont(0.5) within group (order by extract(epoch from m.at - t.created_at) / 86400.0) filter (where ${open}) as age,
      (select coalesce(jsonb_object_agg(key, n), '{}') from (
        select ${PRIORITY} as key, count(*)::int as n from ${T} t where ${open} group by 1) p) as priorities
    from m cross join ${T} t group by m.month, m.at`,
  )
  return Object.fromEntries(
    counted.map((row) => [
      row.month,
      {
        not_closed: row.not_closed,
        unresolved: row.unresolved,
        unresolved_older_7d: row.week,
        unresolved_older_30d: row.month_old,
        unresolved_median_age_days: row.age,
        unresolved_by_priority: row.priorities,
      },
    ]),
  )
}

export const RECORD_FIGURES: Record<string, RecordFigure> = {
  rows_events: (db) => number(db, sql`select rows as n from import`),
  columns: (db) => number(db, sql`select cardinality(columns) as n from import`),
  incidents: (db) => number(db, sql`select count(*) as n from ${T} t`),
  incidents_by_final_state: byKey(sql`initcap(t.state)`),
  incidents_by_priority: byKey(PRIORITY),
  incidents_by_impact: byKey(IMPACT),
  incidents_by_urgency: byKey(URGENCY),
  incidents_by_contact_type: byKey(field('contact_type')),
  incidents_with_priority_change: (db) =>
    number(
      db,
      sql`select count(*) as n from (select s.ticket_id from ticket_state s join ${T} t on t.id = s.ticket_id
          group by 1 having count(distinct s.priority) > 1) d`,
    ),
  priority_matrix_observed: async (db) =>
    (
      await all(
        db,
        sql`select ${IMPACT} as i, ${URGENCY} as u, ${PRIORITY} as p, count(*)::int as n from ${T} t
            group by 1, 2, 3 order by 1, 2`,
      )
    ).map(({ i, u, p, n }) => [i, u, p, n]),
  resolved_at_missing: share(sql`t.resolved_at is null`),
  resolution_time_hours: spread(RESOLUTION),
  resolution_time_hours_by_priority: spreadByPriority(RESOLUTION),
  close_time_hours: spread(CLOSING),
  close_time_hours_by_priority: spreadByPriority(CLOSING),
  resolve_to_close_hours: spread(hours('t.closed_at', 't.resolved_at')),
  resolved_within_hours_share: async (db) => {
    const within = await Promise.all(
      [1, 4, 8, 24, 72, 120, 168, 720].map(async (h) => [
        h,
        await share(
          sql`t.resolved_at <= t.created_at + ${h} * interval '1 hour'`,
          sql`t.resolved_at is not null`,
        )(db),
      ]),
    )
    return Object.fromEntries(within)
  },
  time_to_first_non_new_hours: spread(hours('t.acknowledged_at', 't.created_at')),
  time_to_first_assignee_hours: spread(
    sql`extract(epoch from ((select min(s.at) from ticket_state s where s.ticket_id = t.id and s.assignee_id is not null)
        - t.created_at)) / 3600.0`,
  ),
  sla_made_incident_share: share(MET),
  sla_made_share_by_priority: shareBy(PRIORITY, MET),
  sla_made_share_by_opened_month: shareBy(month('t.created_at'), MET),
  sla_made_share_by_closed_month: shareBy(month('t.closed_at'), MET),
  reopened_share: share(sql`t.reopen_count > 0`),
  reopen_events: (db) => number(db, sql`select sum(reopen_count) as n from ${T} t`),
  reopen_count_distribution: byKey(sql`t.reopen_count::text`),
  reopen_by_transitions: (db) =>
    one(
      db,
      sql`select count(distinct a.subject_id)::int as incidents, count(*)::int as transitions
          from activity a join ${T} t on t.id = a.subject_id where a.verb = 'reopen'`,
    ),
  reassignment_count: spread(REASSIGNED),
  reassignment_buckets: byKey(sql`case when ${REASSIGNED} >= 4 then '4+' else (${REASSIGNED})::text end`),
  first_assignment_resolution_share: share(sql`${REASSIGNED} = 0`),
  bounced_3plus_share: share(sql`${REASSIGNED} >= 3`),
  fcr_proxy_1h_share: share(
    sql`${REASSIGNED} = 0 and t.reopen_count = 0 and t.resolved_at <= t.created_at + interval '1 hour'`,
    sql`t.resolved_at is not null`,
  ),
  one_touch_proxy_share: share(sql`${REASSIGNED} = 0 and t.reopen_count = 0`),
  group_hops: async (db) => {
    const row = await one(
      db,
      sql`select ${MEASURES}, count(*) filter (where x > 0)::int as hopped from (
            select t.id, count(h.ticket_id) as x from ${T} t left join (
              select ticket_id, team_id, lag(team_id) over (partition by ticket_id order by revision) as before
              from ticket_state where team_id is not null) h
            on h.ticket_id = t.id and h.before <> h.team_id group by 1) d`,
    )
    return { ...told(row), incidents_with_hop: row.hopped }
  },
  opened_per_month: byKey(month('t.created_at')),
  resolved_per_month: byKey(month('t.resolved_at')),
  closed_per_month: byKey(month('t.closed_at')),
  opened_per_weekday: byKey(sql`to_char(t.created_at, 'Dy')`),
  opened_per_hour: byKey(sql`extract(hour from t.created_at)::text`),
  closures_biggest_minutes: top(sql`to_char(t.closed_at, 'YYYY-MM-DD HH24:MI')`, 5),
  top10_category: top(CATEGORY),
  top10_subcategory: top(field('subcategory')),
  top10_u_symptom: top(sql`t.symptom_key`),
  top10_cmdb_ci: top(sql`(select name from configuration_item where id = t.ci_id)`),
  top10_assignment_group: top(sql`(select name from team where id = t.team_id)`),
  top10_location: top(sql`t.location`),
  top10_closed_code: top(sql`t.resolution_code`),
  top10_resolved_by: top(field('resolved_by')),
  top10_caller_id: top(CALLER),
  top10_category_symptom: async (db) =>
    (
      await all(
        db,
        sql`select ${CATEGORY} as c, t.symptom_key as s, count(*)::int as n from ${T} t
            where t.category_id is not null and t.symptom_key is not null group by 1, 2
            order by 3 desc, 1, 2 limit 10`,
      )
    ).map(({ c, s, n }) => [c, s, n]),
  // Where no caller is known, whoever opened it stands for one.
  repeat_incident_share: async (db) =>
    shareOf(
      await one(
        db,
        sql`select sum(n - 1)::int as count, sum(n)::int as of from (
              select count(*) as n from ${T} t where ${CALLER} like 'Caller %' and t.category_id is not null
                and t.fields ? 'subcategory' group by t.requester_id, t.category_id, t.fields ->> 'subcategory') d`,
      ),
    ),
  knowledge_linked_share: share(sql`coalesce(t.fields ->> 'knowledge', '') = 'true'`),
  problem_id_known_share: share(sql`t.fields ? 'problem'`),
  rfc_known_share: share(sql`t.fields ? 'change'`),
  caused_by_known_share: share(sql`t.fields ? 'caused_by'`),
  cmdb_ci_known_share: share(sql`t.ci_id is not null`),
  vendor_known_share: share(sql`t.fields ? 'vendor'`),
  assigned_to_known_share: share(sql`t.assignee_id is not null`),
  assignment_group_known_share: share(sql`t.team_id is not null`),
  problems: async (db) => {
    const rows = await all<{ key: string; n: number }>(
      db,
      sql`select t.fields ->> 'problem' as key, count(*)::int as n from ${T} t where t.fields ? 'problem'
          group by 1 order by 2 desc, 1`,
    )
    return {
      distinct: rows.length,
      with_2_plus_incidents: rows.filter(({ n }) => n > 1).length,
      top10: rows.slice(0, 10).map(({ key, n }) => [key, n]),
    }
  },
  backlog_month_end: backlog,
  incidents_with_pause_share: share(
    sql`exists (select from ticket_state s where s.ticket_id = t.id and s.state = 'pending')`,
  ),
  resolution_time_net_of_pause_hours: async (db) =>
    told(
      await one(
        db,
        sql`select ${MEASURES} from (
              select ${RESOLUTION} - coalesce((
                select sum(extract(epoch from least(p.ends, t.resolved_at) - p.begins)) / 3600.0 from ${SPANS} p
                where p.ticket_id = t.id and p.state = 'pending' and p.begins < t.resolved_at), 0) as x
              from ${T} t where t.resolved_at is not null) d`,
      ),
    ),
  events_per_incident: async (db) =>
    told(await one(db, sql`select ${MEASURES} from (select cardinality(rows) as x from import_item) d`)),
}

/** Hours in each state, and how many tickets were ever in it. */
export async function hoursInStates(db: Db) {
  const rows = await all<{ state: string; hours: number; incidents: number }>(
    db,
    sql`select concat_ws(' ', p.state, p.pending_reason) as state, sum(extract(epoch from p.ends - p.begins) / 3600.0)::float8 as hours,
          count(distinct p.ticket_id)::int as incidents from ${SPANS} p group by 1`,
  )
  return new Map(rows.map(({ state, ...told }) => [state, told]))
}
