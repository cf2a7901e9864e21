import { sql } from 'kysely'
import { z } from 'zod'
import { type Store, whole } from '../store/store.ts'
import { msInRecord } from './duration.ts'
import { type Figure, type Figures, FILTERS, type Kpi, type Postgres, type Question } from './kpi.ts'
import { narrowInRecord, narrowInStore, paramsOf } from './narrow.ts'
import { recordedTickets, storedTickets } from './ticket-source.ts'

const MOST = 50

const totalRow = z.object({
  tickets: whole.default(0),
  keys: whole.default(0),
  repeats: whole.default(0),
  lost_ms: whole.default(0),
})
const keyRow = z.object({
  service: z.string(),
  symptom: z.string(),
  n: whole,
  lost: whole,
  median: z.number().nullable(),
  first: whole,
  last: whole,
})

const TOTALS = `coalesce(sum(n), 0) as tickets, count(*) filter (where n > 1) as keys, coalesce(sum(n - 1), 0) as repeats,
  coalesce(sum(lost) filter (where n > 1), 0) as lost_ms`

function read(total: z.output<typeof totalRow>, keys: z.output<typeof keyRow>[]): Figures {
  const whole: Figure = {
    n: total.tickets,
    value: total.lost_ms,
    recurring_keys: total.keys,
    repeats: total.repeats,
    repeats_percent: total.tickets > 0 ? (100 * total.repeats) / total.tickets : null,
  }
  const series = keys.map(({ service, symptom, n, lost, median, first, last }): [string, Figure] => [
    `${service}|${symptom}`,
    {
      n,
      value: lost,
      service,
      symptom,
      median: median === null ? null : Math.round(median * 10) / 10,
      first_at: new Date(first).toISOString(),
      last_at: new Date(last).toISOString(),
    },
  ])
  return { whole, series: Object.fromEntries(series) }
}

async function recurringInStore(store: Store, question: Question): Promise<Figures> {
  const groups = `
    select toString(assumeNotNull(service_id)) as service, assumeNotNull(symptom_key) as symptom, count() as n,
      ifNull(sum(dateDiff('millisecond', created_at, resolved_at)), 0) as lost,
      quantileExactInclusive(0.5)(dateDiff('millisecond', created_at, resolved_at)) as median,
      toUnixTimestamp64Milli(min(created_at)) as first, toUnixTimestamp64Milli(max(created_at)) as last
    from ticket_fact final
    where created_at >= {from:DateTime64(3, 'UTC')} and created_at < {to:DateTime64(3, 'UTC')}
      and service_id is not null and symptom_key is not null and kind in ('incident', 'request')
      and ${storedTickets.kept} and ${narrowInStore(question, storedTickets.columns)}
    group by service_id, symptom_key`
  const params = paramsOf(question)
  const [total] = await store.ask({
    name: 'kpi recurring, whole',
    text: `select ${TOTALS} from (${groups})`,
    params,
    row: totalRow,
  })
  const keys = await store.ask({
    name: 'kpi recurring',
    text: `select * from (${groups}) where n > 1 order by lost desc, n desc, service, symptom limit ${MOST}`,
    params,
    row: keyRow,
  })
  return read(total ?? totalRow.parse({}), keys)
}

async function recurringInRecord(record: Postgres, question: Question): Promise<Figures> {
  const ms = sql.raw(msInRecord('t.created_at', 't.resolved_at'))
  const groups = sql`
    select t.service_id::text as service, t.symptom_key as symptom, count(*) as n, coalesce(sum(${ms}), 0) as lost,
      percentile_cont(0.5) within group (order by ${ms}) as median,
      round(extract(epoch from min(t.created_at)) * 1000)::bigint as first,
      round(extract(epoch from max(t.created_at)) * 1000)::bigint as last
    from ticket t
    where t.created_at >= ${question.from}::timestamptz and t.created_at < ${question.to}::timestamptz
      and t.service_id is not null and t.symptom_key is not null and t.kind in ('incident', 'request')
      and ${sql.raw(recordedTickets.kept)} and ${narrowInRecord(question, recordedTickets.columns)}
    group by t.service_id, t.symptom_key`
  const total = await sql`select ${sql.raw(TOTALS)} from (${groups}) groups`.execute(record)
  const keys = await sql`
    select * from (${groups}) groups where n > 1
    order by lost desc, n desc, service collate "C", symptom collate "C" limit ${MOST}`.execute(record)
  return read(totalRow.parse(total.rows[0]), z.array(keyRow).parse(keys.rows))
}

export const recurring: Kpi = {
  name: 'recurring',
  title: 'Recurring problems',
  definition:
    'Hours lost to what came back: incidents and requests opened in the period whose service and symptom occur at least twice in it, ranked by the sum of their times to resolve, around the clock. Unresolved ones count as occurrences but add no time; merged and cancelled tickets are left out.',
  unit: 'ms',
  dimensions: ['symptom'],
  filters: FILTERS,
  booking: 'created',
  fromStore: recurringInStore,
  fromRecord: recurringInRecord,
}
