import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Alert } from './fold.ts'
import { isMereRepeat } from './repeat.ts'
import { dueAt, isFlapping } from './restraint.ts'

const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/**
 * Writes alerts as they stand, new ones among them; those that only repeat what they were `before` are touched
 * lightly. Answers the ids of the others by key.
 */
export async function saveAlerts(
  tx: Tx,
  integrationId: string,
  alerts: Alert[],
  before: Map<string, Alert> = new Map(),
): Promise<Map<string, string>> {
  const { repeats = [], others = [] } = Object.groupBy(alerts, (alert) =>
    isMereRepeat(before.get(alert.key), alert) ? 'repeats' : 'others',
  )
  await touch(tx, repeats)
  return write(tx, integrationId, others)
}

const restraintOf = ({ state, restraint, terms }: Alert) => ({
  firedAt: restraint.firedAt,
  recent: restraint.recent,
  flap: restraint.flap,
  ...(restraint.apart && { apart: true }),
  ...(state.expired && { expired: true }),
  ...(state.noticed !== undefined && { noticed: state.noticed }),
  terms,
})

/** No column here stands in an index, so that the new version of the row needs no entry in any. */
async function touch(tx: Tx, alerts: Alert[]): Promise<void> {
  if (alerts.length === 0) return
  const given = alerts.map((alert) => ({
    id: alert.id,
    severity: alert.state.severity,
    starts_at: instant(alert.state.startsAt),
    count: alert.state.count,
    last_event_at: instant(alert.state.lastAt),
    restraint: restraintOf(alert),
  }))
  await sql`
    update alert a set severity = g.severity, starts_at = g.starts_at, count = g.count, last_event_at = g.last_event_at,
      restraint = g.restraint, updated_at = ${tx.now}, revision = a.revision + 1
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, severity text, starts_at timestamptz(3), count bigint,
      last_event_at timestamptz(3), restraint jsonb)
    where a.id = g.id`.execute(tx.db)
}

/**
 * In one statement. What they run on is found here: the service by the label `service`, else the integration's, else
 * the item's; the configuration item by the host's name.
 */
async function write(tx: Tx, integrationId: string, alerts: Alert[]): Promise<Map<string, string>> {
  if (alerts.length === 0) return new Map()
  const given = alerts.map((alert) => {
    const { key, state, face, groupKey, ticketId, firstAt, restraint, terms } = alert
    return {
      dedup_key: key,
      status: state.status,
      severity: state.severity,
      ...face,
      service_key: face.labels.service?.toLowerCase() ?? null,
      ci_name: face.host?.replace(/:\d+$/, '') ?? null,
      group_key: groupKey,
      starts_at: instant(state.startsAt),
      ends_at: instant(state.endsAt),
      episode: state.episode,
      count: state.count,
      first_event_at: instant(firstAt),
      last_event_at: instant(state.lastAt),
      acknowledged_at: instant(state.acknowledgedAt),
      ticket_id: ticketId,
      held: restraint.held?.by ?? null,
      held_until: instant(restraint.held?.until ?? null),
      held_window: restraint.held?.window ?? null,
      snoozed_until: instant(restraint.snoozedUntil),
      flapping: isFlapping(restraint),
      due_at: instant(dueAt(state, restraint, terms)),
      restraint: restraintOf(alert),
    }
  })
  const { rows } = await sql<{ id: string; dedup_key: string }>`
    insert into alert as a (integration_id, dedup_key, status, severity, severity_raw, title, resource, service, host,
      service_id, ci_id, group_key, labels, annotations, enriched, link, starts_at, ends_at, episode, count, first_event_at,
      last_event_at, seen_at, acknowledged_at, ticket_id, held, held_until, held_window, snoozed_until, flapping, due_at,
      restraint, updated_at)
    select i.id, g.dedup_key, g.status, g.severity, g.severity_raw, g.title, g.resource, g.service, g.host,
           coalesce(s.id, i.service_id, c.service_id), c.id, g.group_key, g.labels, g.annotations,
           coalesce(g.enriched, '{}'), g.link, g.starts_at, g.ends_at,
           g.episode, g.count, g.first_event_at, g.last_event_at, g.last_event_at, g.acknowledged_at, g.ticket_id,
           g.held, g.held_until, g.held_window, g.snoozed_until, g.flapping, g.due_at, g.restraint, ${tx.now}
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(dedup_key text, status text, severity text,
      severity_raw text, title text, resource text, service text, host text, service_key text, ci_name text,
      group_key text, labels jsonb, annotations jsonb, enriched jsonb, link text, starts_at timestamptz(3), ends_at timestamptz(3),
      episode int, count bigint, first_event_at timestamptz(3), last_event_at timestamptz(3),
      acknowledged_at timestamptz(3), ticket_id uuid, held text, held_until timestamptz(3), held_window uuid,
      snoozed_until timestamptz(3), flapping boolean, due_at timestamptz(3), restraint jsonb)
    join integration i on i.id = ${integrationId}
    left join service s on s.key = g.service_key and s.archived_at is null
    left join configuration_item c on c.name = g.ci_name and c.archived_at is null
    on conflict (integration_id, dedup_key) do update set
      status = excluded.status, severity = excluded.severity, severity_raw = excluded.severity_raw,
      title = excluded.title, resource = excluded.resource, service = excluded.service, host = excluded.host,
      service_id = excluded.service_id, ci_id = excluded.ci_id, group_key = excluded.group_key,
      labels = excluded.labels, annotations = excluded.annotations, enriched = excluded.enriched, link = excluded.link,
      starts_at = excluded.starts_at, ends_at = excluded.ends_at, episode = excluded.episode, count = excluded.count,
      last_event_at = excluded.last_event_at, seen_at = excluded.seen_at, acknowledged_at = excluded.acknowledged_at,
      acknowledged_by = case when excluded.status = 'acknowledged' then a.acknowledged_by end,
      ticket_id = excluded.ticket_id, held = excluded.held, held_until = excluded.held_until,
      held_window = excluded.held_window, snoozed_until = excluded.snoozed_until, flapping = excluded.flapping,
      due_at = excluded.due_at, restraint = excluded.restraint, updated_at = excluded.updated_at, revision = a.revision + 1
    returning a.id, a.dedup_key`.execute(tx.db)
  return new Map(rows.map((row) => [row.dedup_key, row.id]))
}
