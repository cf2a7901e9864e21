import { z } from '@hono/zod-openapi'
import { BUCKETS } from '@tocsin/desk'
import { sql } from 'kysely'
import { Id, Instant } from '../../route.ts'

export const STATUSES = ['firing', 'acknowledged', 'suppressed', 'resolved'] as const
export const SEVERITIES = ['critical', 'error', 'warning', 'info', 'ok'] as const

export const AlertLine = z
  .object({
    id: Id,
    integration: z.object({ id: Id, name: z.string(), system: z.string() }),
    status: z.enum(STATUSES),
    severity: z.enum(SEVERITIES),
    /** The sender's own word. */
    severity_raw: z.string().nullable(),
    title: z.string(),
    dedup_key: z.string(),
    resource: z.string().nullable(),
    /** As the sender named it. */
    service: z.string().nullable(),
    host: z.string().nullable(),
    starts_at: Instant,
    ends_at: Instant.nullable(),
    first_event_at: Instant,
    last_event_at: Instant,
    acknowledged_at: Instant.nullable(),
    count: z.number(),
    episode: z.number(),
    held: z
      .object({
        by: z.enum(['maintenance', 'snoozed', 'flapping', 'threshold', 'hold', 'proposed']),
        until: Instant.nullable(),
        window: z.object({ id: Id, reason: z.string() }).nullable(),
      })
      .nullable()
      .openapi({ description: 'why it asks for no ticket just now' }),
    ticket: z
      .object({ number: z.string(), title: z.string(), state: z.string(), priority: z.string() })
      .nullable(),
  })
  .openapi('AlertLine')

/** Columns of an alert's line over `alert a`. */
export const LINE_COLUMNS = sql`
  a.id, a.status, a.severity, a.severity_raw, a.title, a.dedup_key, a.resource, a.service, a.host, a.starts_at, a.ends_at,
  a.first_event_at, a.last_event_at, a.acknowledged_at, a.count, a.episode,
  case when a.held is not null then jsonb_build_object('by', a.held, 'until', a.held_until, 'window',
    (select jsonb_build_object('id', m.id, 'reason', m.reason) from maintenance m where m.id = a.held_window)) end as held,
  (select jsonb_build_object('id', i.id, 'name', i.name, 'system', i.system) from integration i where i.id = a.integration_id) as integration,
  (select jsonb_build_object('number', t.number, 'title', t.title, 'state', t.state, 'priority', t.priority)
   from ticket t where t.id = a.ticket_id) as ticket`

export const Alert = AlertLine.extend({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  link: z.string().nullable(),
  group_key: z.string(),
  /** What we know it runs on: by label, by the integration, by the host's name. */
  known_service: z.object({ id: Id, key: z.string(), name: z.record(z.string(), z.string()) }).nullable(),
  configuration_item: z.object({ id: Id, name: z.string() }).nullable(),
  acknowledged_by: z.object({ id: Id, name: z.string() }).nullable(),
  /** Why it stands in each incident, newest first. */
  links: z.array(
    z.object({
      ticket: z.string(),
      episode: z.number(),
      how: z.string(),
      rule: z.string(),
      rule_version: z.number(),
      evidence: z.record(z.string(), z.unknown()),
      linked_at: Instant,
    }),
  ),
  /** The newest 50, each with what became of it. */
  events: z.array(
    z.object({
      id: Id,
      receipt_id: Id,
      received_at: Instant,
      decided_at: Instant,
      kind: z.string(),
      severity: z.string().nullable(),
      title: z.string().nullable(),
      bucket: z.enum(BUCKETS),
      reason: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
}).openapi('Alert')
