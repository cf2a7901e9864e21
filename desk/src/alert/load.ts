import type { Json, Severity } from '@tocsin/db'
import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Alert } from './fold.ts'
import type { AlertStatus } from './state.ts'

interface Row {
  id: string
  dedup_key: string
  status: AlertStatus
  severity: Severity
  severity_raw: string | null
  title: string
  resource: string | null
  service: string | null
  host: string | null
  group_key: string
  labels: Json
  annotations: Json
  link: string | null
  starts_at: Date
  ends_at: Date | null
  episode: number
  count: number
  first_event_at: Date
  last_event_at: Date
  acknowledged_at: Date | null
  ticket_id: string | null
}

/** The integration's alerts under these keys, locked for the rest of the transaction, by key. */
export async function lockAlerts(tx: Tx, integrationId: string, keys: string[]): Promise<Map<string, Alert>> {
  const { rows } = await sql<Row>`
    select id, dedup_key, status, severity, severity_raw, title, resource, service, host, group_key, labels, annotations,
           link, starts_at, ends_at, episode, count, first_event_at, last_event_at, acknowledged_at, ticket_id
    from alert where integration_id = ${integrationId}
      and dedup_key in (select jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))
    order by id for update`.execute(tx.db)
  return new Map(rows.map((row) => [row.dedup_key, alertOf(row)]))
}

function alertOf(row: Row): Alert {
  return {
    id: row.id,
    key: row.dedup_key,
    state: {
      status: row.status,
      severity: row.severity,
      startsAt: row.starts_at.getTime(),
      endsAt: row.ends_at?.getTime() ?? null,
      episode: row.episode,
      count: row.count,
      lastAt: row.last_event_at.getTime(),
      acknowledgedAt: row.acknowledged_at?.getTime() ?? null,
    },
    face: {
      severity_raw: row.severity_raw,
      title: row.title,
      resource: row.resource,
      service: row.service,
      host: row.host,
      link: row.link,
      labels: row.labels as Record<string, string>,
      annotations: row.annotations as Record<string, string>,
    },
    groupKey: row.group_key,
    ticketId: row.ticket_id,
    firstAt: row.first_event_at.getTime(),
  }
}
