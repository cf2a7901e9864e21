import type { Db } from '@tocsin/db'
import { sql } from 'kysely'

export interface Search {
  id?: string
  tiny?: string
  alias?: string
  message?: string
  entity?: string
  status?: 'open' | 'closed'
  acknowledged?: boolean
  priority?: string
}

/** An alert in Opsgenie's words. */
export interface Found {
  id: string
  tinyId: string
  alias: string
  message: string
  status: 'open' | 'closed'
  acknowledged: boolean
  isSeen: boolean
  tags: string[]
  snoozed: boolean
  snoozedUntil: string | null
  count: number
  lastOccurredAt: string
  createdAt: string
  updatedAt: string
  source: string
  owner: string
  priority: string
  responders: unknown[]
  integration: { id: string; name: string; type: string }
  entity: string
  description: string
  details: Record<string, string>
  total: number
}

interface Paging {
  search: Search
  limit?: number
  offset?: number
  oldestFirst?: boolean
  /** One row with `total` is enough. */
  countOnly?: boolean
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
// Opsgenie's short number: the random end of our id, as a number.
const TINY = sql`('x' || right(replace(a.id::text, '-', ''), 12))::bit(48)::bigint`
const PRIORITY = sql`case when upper(a.severity_raw) ~ '^P[1-5]$' then upper(a.severity_raw)
  else case a.severity when 'critical' then 'P1' when 'error' then 'P2' when 'warning' then 'P3' else 'P5' end end`
const ISO = sql`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`

export async function findAlerts(
  db: Db,
  integrationId: string,
  { search, limit = LIMIT, offset = 0, oldestFirst = false, countOnly = false }: Paging,
): Promise<Found[]> {
  if (search.id !== undefined && !UUID.test(search.id)) return []
  if (search.tiny !== undefined && !/^\d{1,15}$/.test(search.tiny)) return []
  const wanted = [
    search.id === undefined ? undefined : sql`a.id = ${search.id}`,
    search.tiny === undefined ? undefined : sql`${TINY} = ${search.tiny}::bigint`,
    search.alias === undefined ? undefined : sql`a.dedup_key = ${search.alias}`,
    search.message === undefined ? undefined : sql`a.title = ${search.message}`,
    search.entity === undefined ? undefined : sql`a.resource = ${search.entity}`,
    search.status === undefined ? undefined : sql`(a.status = 'resolved') = ${search.status === 'closed'}`,
    search.acknowledged === undefined ? undefined : sql`(a.status = 'acknowledged') = ${search.acknowledged}`,
    search.priority === undefined ? undefined : sql`${PRIORITY} = ${search.priority}`,
  ].filter((one) => one !== undefined)
  const { rows } = await sql<Found>`
    select a.id, ${TINY}::text as "tinyId", a.dedup_key as alias, a.title as message,
           case a.status when 'resolved' then 'closed' else 'open' end as status,
           a.status = 'acknowledged' as acknowledged, a.acknowledged_at is not null as "isSeen",
           coalesce(string_to_array(nullif(a.labels ->> 'tags', ''), ','), '{}') as tags,
           coalesce(a.snoozed_until > tocsin_now(), false) as snoozed,
           to_char(a.snoozed_until at time zone 'UTC', ${ISO}) as "snoozedUntil",
           a.count::int as count, to_char(a.last_event_at at time zone 'UTC', ${ISO}) as "lastOccurredAt",
           to_char(a.first_event_at at time zone 'UTC', ${ISO}) as "createdAt",
           to_char(a.updated_at at time zone 'UTC', ${ISO}) as "updatedAt",
           coalesce(a.labels ->> 'source', '') as source, '' as owner, ${PRIORITY} as priority, '[]'::jsonb as responders,
           jsonb_build_object('id', i.id, 'name', i.name, 'type', 'API') as integration,
           coalesce(a.resource, '') as entity, coalesce(a.annotations ->> 'description', '') as description,
           a.labels - 'tags' - 'source' as details, count(*) over ()::int as total
    from alert a join integration i on i.id = a.integration_id
    where ${sql.join([sql`a.integration_id = ${integrationId}`, sql`a.count > 0`, ...wanted], sql` and `)}
    order by a.first_event_at ${oldestFirst ? sql`asc` : sql`desc`}, a.id
    limit ${countOnly ? 1 : limit} offset ${offset}`.execute(db)
  return rows
}

const LIMIT = 100

const ACTIONS: Record<string, { action: string; done: string }> = {
  trigger: { action: 'Create', done: 'Created alert' },
  resolve: { action: 'Close', done: 'Closed alert' },
  acknowledge: { action: 'Acknowledge', done: 'Acknowledged alert' },
  note: { action: 'AddNote', done: 'Added note' },
}

/** What became of a request, by the id that its answer told; undefined while it waits, or was never made. */
export async function findRequest(db: Db, integrationId: string, id: string) {
  if (!UUID.test(id)) return undefined
  const { rows } = await sql<{
    kind: string
    bucket: string
    reason: { why?: string } | null
    decided_at: Date
    alert_id: string | null
    dedup_key: string | null
  }>`
    select kind, bucket, reason, decided_at, alert_id, dedup_key from event
    where receipt_id = ${id} and integration_id = ${integrationId} order by position limit 1`.execute(db)
  const event = rows[0]
  if (!event) return undefined
  const { action, done } = ACTIONS[event.kind] ?? { action: 'Custom', done: 'Recorded' }
  // Closing or acknowledging what is not open does nothing, and says so here alone.
  const success = !['ignored', 'dead-letter'].includes(event.bucket)
  return {
    success,
    action,
    processedAt: event.decided_at.toISOString(),
    integrationId,
    isSuccess: success,
    status: success
      ? done
      : event.bucket === 'ignored'
        ? 'Alert does not exist'
        : (event.reason?.why ?? 'Failed'),
    alertId: event.alert_id ?? '',
    alias: event.dedup_key ?? '',
  }
}
