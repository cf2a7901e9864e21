import type { Db } from '@tocsin/db'
import { sql } from 'kysely'

/** How far back, in steps of how long. */
export const PACE_SPANS = {
  hour: { minutes: 60, step: 1 },
  day: { minutes: 1440, step: 15 },
  week: { minutes: 10_080, step: 60 },
} as const
export type PaceSpan = keyof typeof PACE_SPANS

export interface Pace {
  step_minutes: number
  /** Every step, the quiet ones too, oldest first; the last one is still running. */
  points: { at: string; received: number; rejected: number }[]
  /** From the receipt to the decision, over the events of the latest requests; null before the first. */
  latency: { n: number; median_ms: number; p95_ms: number } | null
}

const LATEST_REQUESTS = 500

/** How much an integration sends, and how soon it is decided, read in one statement. */
export async function readPace(db: Db, integrationId: string, span: PaceSpan): Promise<Pace> {
  const { minutes, step } = PACE_SPANS[span]
  const { rows } = await sql<Omit<Pace, 'step_minutes'>>`
    with span as materialized (
      select date_bin(make_interval(mins => ${step}), tocsin_now(), 'epoch') - make_interval(mins => ${minutes - step}) as since
    ), counted as (
      select date_bin(make_interval(mins => ${step}), t.minute, 'epoch') as at,
        sum(t.count) filter (where t.bucket = 'received') as received,
        sum(t.count) filter (where t.bucket = 'rejected') as rejected
      from tally t, span
      where t.integration_id = ${integrationId} and t.minute >= span.since and t.bucket in ('received', 'rejected')
      group by 1
    ), latest as materialized (
      select id, received_at from receipt where integration_id = ${integrationId} and outcome = 'accepted'
      order by id desc limit ${LATEST_REQUESTS}
    ), took as (
      select extract(epoch from e.decided_at - e.received_at) * 1000 as ms
      from latest r join event e on e.receipt_id = r.id and e.received_at = r.received_at
    )
    select
      (select jsonb_agg(jsonb_build_object('at', to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                'received', coalesce(c.received, 0), 'rejected', coalesce(c.rejected, 0)) order by s.at)
       from span, generate_series(span.since, span.since + make_interval(mins => ${minutes - step}), make_interval(mins => ${step})) s(at)
       left join counted c on c.at = s.at) as points,
      (select case when count(*) > 0 then jsonb_build_object('n', count(*),
                'median_ms', round(percentile_cont(0.5) within group (order by ms)),
                'p95_ms', round(percentile_cont(0.95) within group (order by ms))) end from took) as latency`.execute(
    db,
  )
  return { step_minutes: step, ...rows[0]! }
}
