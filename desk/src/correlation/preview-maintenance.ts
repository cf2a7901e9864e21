import type { Severity } from '@tocsin/db'
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { alertVisible, type Reader, ticketVisible } from '../auth/index.ts'
import { type Face, factsOf, type Subject } from '../event/index.ts'
import {
  checkCoverage,
  covererOf,
  demandNamed,
  type MaintenanceInput,
  spansBefore,
  spansOf,
} from '../maintenance/index.ts'
import { senderGroupOf } from './claim.ts'
import { textAttributes } from './subjects.ts'

type Span = ReturnType<typeof spansOf>[number]

const DAYS = 7
const MOST_ALERTS = 10_000
const MOST_GROUPS = 100_000
const LISTED = 50

export interface MutedAlert {
  id: string
  title: string
  severity: Severity
  integration: { id: string; name: string }
  events: number
  first_at: Date
  last_at: Date
  ticket: { number: string; title: string } | null
}

export interface MaintenancePreview {
  from: Date
  to: Date
  events: number
  alerts: number
  /** Opened by what is covered alone. */
  tickets: number
  pages: number
  /** There was more than is looked at. */
  capped: boolean
  /** Those with the most events. */
  items: MutedAlert[]
}

/**
 * What this window would have kept quiet in the last seven days, of what the reader may see, had it been in force:
 * by the same test as lives in the engine, over the alerts as they stand. Throws `invalid` like the creation.
 */
export async function previewMaintenance(
  tx: Tx,
  reader: Reader,
  input: MaintenanceInput,
): Promise<MaintenancePreview> {
  checkCoverage(input)
  await demandNamed(tx, input)
  spansOf(input)
  const to = tx.now
  const from = new Date(to.getTime() - DAYS * 86_400_000)
  const spans = spansBefore(input, from.getTime(), to.getTime())
  const candidates = await readCandidates(tx, reader, input, from)
  const standing = new Map(candidates.slice(0, MOST_ALERTS).map((row) => [row.id, row]))
  const groups = await readGroups(tx, [...standing.keys()], {
    from,
    spans,
    byMoment: input.condition !== null,
  })
  const covers = covererOf(input)
  const muted = new Map<string, MutedAlert>()
  for (const group of groups.slice(0, MOST_GROUPS)) {
    const alert = standing.get(group.alert_id)!
    if (!covers(coveredOf(alert, group))) continue
    const sum = muted.get(alert.id)
    if (!sum) muted.set(alert.id, lineOf(alert, group))
    else {
      sum.events += group.events
      if (group.first_at < sum.first_at) sum.first_at = group.first_at
      if (group.last_at > sum.last_at) sum.last_at = group.last_at
    }
  }
  const tickets = await readTickets(tx, reader, [...muted.keys()], spans)
  for (const { number, title, alerts } of tickets)
    for (const id of alerts) muted.get(id)!.ticket ??= { number, title }
  const lines = [...muted.values()]
  const total = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0)
  return {
    from,
    to,
    events: total(lines.map(({ events }) => events)),
    alerts: lines.length,
    tickets: tickets.filter(({ opened }) => opened).length,
    pages: total(tickets.map(({ pages }) => pages)),
    capped: candidates.length > MOST_ALERTS || groups.length > MOST_GROUPS,
    items: lines.toSorted((a, b) => b.events - a.events).slice(0, LISTED),
  }
}

interface Candidate extends Omit<Face, 'title'> {
  id: string
  title: string
  severity: Severity
  key: string
  group_key: string
  integration: { id: string; name: string; system: string }
  known_service: Subject['service']
  known_ci: (Omit<NonNullable<Subject['ci']>, 'attributes'> & { attributes: Record<string, unknown> }) | null
}

/** Alerts that it may cover at all; what an index can tell is asked here, and `covers` has the last word. */
async function readCandidates(
  tx: Tx,
  reader: Reader,
  { integration_id, service_ids, ci_ids, matchers }: MaintenanceInput,
  from: Date,
): Promise<Candidate[]> {
  const asked: RawBuilder<boolean>[] = [
    // The index knows the last instant to the minute.
    sql`a.seen_at > ${from}::timestamptz - interval '1 minute' and a.last_event_at > ${from}`,
    alertVisible(reader),
  ]
  if (integration_id) asked.push(sql`a.integration_id = ${integration_id}`)
  if (service_ids.length > 0) asked.push(sql`a.service_id = any(${service_ids}::uuid[])`)
  if (ci_ids.length > 0) asked.push(sql`a.ci_id = any(${ci_ids}::uuid[])`)
  for (const { name, value, is_regex, is_equal } of matchers)
    if (is_equal && !is_regex && value !== '') asked.push(sql`a.labels ->> ${name} = ${value}`)
  const { rows } = await sql<Candidate>`
    select a.id, a.title, a.severity, a.dedup_key as key, a.group_key, a.severity_raw, a.resource, a.service, a.host,
      a.labels, a.annotations, a.link, jsonb_build_object('id', i.id, 'name', i.name, 'system', i.system) as integration,
      case when s.id is not null then jsonb_build_object('id', s.id, 'key', s.key, 'teamId', s.team_id) end as known_service,
      case when c.id is not null then
        jsonb_build_object('id', c.id, 'name', c.name, 'kind', c.kind, 'attributes', c.attributes) end as known_ci
    from alert a join integration i on i.id = a.integration_id
    left join service s on s.id = a.service_id left join configuration_item c on c.id = a.ci_id
    where ${sql.join(asked, sql` and `)}
    order by a.seen_at desc limit ${MOST_ALERTS + 1}`.execute(tx.db)
  return rows
}

interface Group {
  alert_id: string
  severity: Severity | null
  title: string | null
  hour: number
  weekday: number
  events: number
  first_at: Date
  last_at: Date
}

const HELD_SPANS = (spans: Span[]) => sql`jsonb_to_recordset(${JSON.stringify(spans)}::jsonb)
  as s("startsAt" bigint, "endsAt" bigint)`
const within = (at: RawBuilder<unknown>, spans: Span[]) => sql`exists (
  select from ${HELD_SPANS(spans)} where ${at} >= to_timestamp(s."startsAt" / 1000.0) and ${at} < to_timestamp(s."endsAt" / 1000.0))`

/** Their triggers in those spans; apart by what a condition may ask, where there is one. */
async function readGroups(
  tx: Tx,
  alertIds: string[],
  { from, spans, byMoment }: { from: Date; spans: Span[]; byMoment: boolean },
): Promise<Group[]> {
  if (alertIds.length === 0 || spans.length === 0) return []
  const moment = byMoment
    ? sql`e.severity, e.title, extract(hour from z.wall)::int as hour, extract(isodow from z.wall)::int as weekday`
    : sql`null as severity, null as title, 0 as hour, 1 as weekday`
  const { rows } = await sql<Group>`
    select e.alert_id, ${moment}, count(*)::int as events, min(e.decided_at) as first_at, max(e.decided_at) as last_at
    from event e, lateral (
      select e.decided_at at time zone coalesce((select value #>> '{}' from setting where key = 'reporting_zone'), 'UTC') as wall) z
    where e.alert_id = any(${alertIds}::uuid[]) and e.received_at > ${from}::timestamptz - interval '1 day'
      and e.decided_at > ${from} and e.kind = 'trigger'
      and e.bucket in ('opened', 'joined', 'repeated', 'suppressed', 'held', 'recorded')
      and ${within(sql`e.decided_at`, spans)}
    group by 1, 2, 3, 4, 5 limit ${MOST_GROUPS + 1}`.execute(tx.db)
  return rows
}

interface MutedTicket {
  number: string
  title: string
  opened: boolean
  pages: number
  alerts: string[]
}

/** Tickets that stand on nothing but what is covered, and what was asked of people for them in those spans. */
async function readTickets(
  tx: Tx,
  reader: Reader,
  alertIds: string[],
  spans: Span[],
): Promise<MutedTicket[]> {
  if (alertIds.length === 0) return []
  const { rows } = await sql<MutedTicket>`
    with covered as materialized (select unnest(${alertIds}::uuid[]) as id), standing as (
      select l.ticket_id, array_agg(distinct l.alert_id) as alerts,
        bool_or(l.how = 'opened' and ${within(sql`l.linked_at`, spans)}) as opened
      from alert_link l join covered c on c.id = l.alert_id group by l.ticket_id
    )
    select t.number, t.title, g.alerts, g.opened, p.pages
    from standing g join ticket t on t.id = g.ticket_id, lateral (
      select count(*)::int as pages from page p where p.ticket_id = t.id and ${within(sql`p.created_at`, spans)}) p
    where ${ticketVisible(reader)} and (g.opened or p.pages > 0)
      and not exists (select from alert_link l where l.ticket_id = t.id and l.alert_id not in (select id from covered))
    order by t.created_at desc`.execute(tx.db)
  return rows
}

function coveredOf(
  { integration, known_service, known_ci, key, group_key, ...face }: Candidate,
  group: Group,
) {
  const ci = known_ci && { ...known_ci, attributes: textAttributes(known_ci) }
  const subject: Subject = { service: known_service, ci }
  const facts = factsOf(
    {
      face: { ...face, title: group.title ?? face.title },
      key,
      severity: group.severity ?? face.severity,
      groupKey: senderGroupOf(group_key),
      subject,
    },
    { system: integration.system, integration: integration.name },
    { hour: group.hour, weekday: group.weekday },
  )
  return { facts, subject, integrationId: integration.id }
}

const lineOf = ({ id, title, severity, integration }: Candidate, group: Group): MutedAlert => ({
  id,
  title,
  severity,
  integration: { id: integration.id, name: integration.name },
  events: group.events,
  first_at: group.first_at,
  last_at: group.last_at,
  ticket: null,
})
