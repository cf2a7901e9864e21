import type { Json, Severity } from '@tocsin/db'
import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Flap } from './flapping.ts'
import type { Alert } from './fold.ts'
import { type Held, NO_TERMS, type Terms } from './restraint.ts'
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
  enriched: Json
  link: string | null
  starts_at: Date
  ends_at: Date | null
  episode: number
  count: number
  first_event_at: Date
  last_event_at: Date
  acknowledged_at: Date | null
  ticket_id: string | null
  held: Held['by'] | null
  held_until: Date | null
  held_window: string | null
  snoozed_until: Date | null
  restraint: Json
  seen_at: Date
  due_at: Date | null
}

/** What of an alert's row makes it whole again. */
export const ALERT_COLUMNS = sql`id, dedup_key, status, severity, severity_raw, title, resource, service, host, group_key, labels,
  annotations, enriched, link, starts_at, ends_at, episode, count, first_event_at, last_event_at, acknowledged_at, ticket_id,
  held, held_until, held_window, snoozed_until, restraint, seen_at, due_at`

/** The integration's alerts under these keys, locked for the rest of the transaction, by key. */
export async function lockAlerts(tx: Tx, integrationId: string, keys: string[]): Promise<Map<string, Alert>> {
  const { rows } = await sql<Row>`
    select ${ALERT_COLUMNS} from alert where integration_id = ${integrationId}
      and dedup_key in (select jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))
    order by id for update`.execute(tx.db)
  return new Map(rows.map((row) => [row.dedup_key, alertOf(row)]))
}

/** Some of the integration's alerts whose time has come, locked likewise, the longest due first. */
export async function lockDueAlerts(tx: Tx, integrationId: string, most: number): Promise<Alert[]> {
  const { rows } = await sql<Row>`
    with due as (
      select id from alert where integration_id = ${integrationId} and due_at <= ${tx.now} order by due_at limit ${most}
    )
    select ${ALERT_COLUMNS} from alert where id in (select id from due) order by id for update`.execute(tx.db)
  return rows.map(alertOf)
}

/** What of it only pure code asks for lies together in one column. */
export interface Kept {
  firedAt?: number
  recent?: number[]
  flap?: Flap | null
  terms?: Terms
  apart?: boolean
  expired?: true
  noticed?: number
}

function restraintOf(row: Row): Pick<Alert, 'restraint' | 'terms'> {
  const kept = row.restraint as Kept
  return {
    restraint: {
      firedAt: kept.firedAt ?? row.last_event_at.getTime(),
      recent: kept.recent ?? [],
      flap: kept.flap ?? null,
      snoozedUntil: row.snoozed_until?.getTime() ?? null,
      held: row.held && {
        by: row.held,
        until: row.held_until?.getTime() ?? null,
        ...(row.held_window && { window: row.held_window }),
      },
      apart: kept.apart ?? false,
    },
    terms: kept.terms ?? NO_TERMS,
  }
}

const INSTANTS = [
  'starts_at',
  'ends_at',
  'first_event_at',
  'last_event_at',
  'acknowledged_at',
  'held_until',
  'snoozed_until',
  'seen_at',
  'due_at',
]

/** An alert from its row as JSON, as a checkpoint keeps it. */
export const alertFromJson = (row: Record<string, unknown>): Alert =>
  alertOf({
    ...row,
    ...Object.fromEntries(
      INSTANTS.map((column) => [column, row[column] === null ? null : new Date(row[column] as string)]),
    ),
  } as unknown as Row)

function alertOf(row: Row): Alert {
  const { expired, noticed } = row.restraint as Kept
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
      ...(expired && { expired }),
      ...(noticed !== undefined && { noticed }),
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
      enriched: row.enriched as Record<string, string>,
    },
    groupKey: row.group_key,
    ticketId: row.ticket_id,
    firstAt: row.first_event_at.getTime(),
    written: { seenAt: row.seen_at.getTime(), dueAt: row.due_at?.getTime() ?? null },
    ...restraintOf(row),
  }
}
