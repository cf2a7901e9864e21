import { z } from '@hono/zod-openapi'
import { BUCKETS } from '@tocsin/desk'
import { sql } from 'kysely'
import { Detached, Told } from '../../evidence.ts'
import { Id, Instant } from '../../route.ts'

export const STATUSES = ['firing', 'acknowledged', 'suppressed', 'resolved'] as const
export const SEVERITIES = ['critical', 'error', 'warning', 'info', 'ok'] as const

export const HELD_BY = ['maintenance', 'snoozed', 'flapping', 'threshold', 'hold', 'proposed'] as const

/** Why it asks for no ticket although it fires. */
export const HeldBack = z
  .object({
    by: z.enum(HELD_BY),
    until: Instant.nullable().openapi({
      description: 'when it is asked again; null: an event or a person decides',
    }),
    window: z.object({ id: Id, kind: z.enum(['window', 'silence']), reason: z.string() }).nullable(),
    needs: z.number().nullable().openapi({ description: 'triggers asked for, with by: threshold' }),
    seen: z.number().nullable(),
    minutes: z.number().nullable(),
  })
  .nullable()

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
    held: HeldBack,
    flapping: z.boolean(),
    snoozed_until: Instant.nullable(),
    /** The ticket of the trouble before, where this one recurs. */
    recurs: z.string().nullable(),
    ticket: z
      .object({ number: z.string(), title: z.string(), state: z.string(), priority: z.string() })
      .nullable(),
  })
  .openapi('AlertLine')

const ISO = sql.lit('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
const iso = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'UTC', ${ISO})`

/** Why it is held, over `alert a`; a threshold with how far it has come. */
export const HELD = sql`case when a.held is not null and a.status <> 'resolved' then jsonb_build_object(
  'by', a.held, 'until', ${iso('a.held_until')}, 'window',
    (select jsonb_build_object('id', w.id, 'kind', w.kind, 'reason', w.reason) from maintenance w where w.id = a.held_window),
  'needs', case when a.held = 'threshold' then a.restraint #> '{terms,threshold,count}' end,
  'seen', case when a.held = 'threshold' then jsonb_array_length(coalesce(a.restraint -> 'recent', '[]')) end,
  'minutes', case when a.held = 'threshold' then (a.restraint #>> '{terms,threshold,windowMs}')::float / 60000 end) end`
export const SNOOZED = sql`case when a.snoozed_until > tocsin_now() then a.snoozed_until end`
export const SNOOZED_TEXT = sql`case when a.snoozed_until > tocsin_now() then ${iso('a.snoozed_until')} end`

/** Columns of an alert's line over `alert a`. */
export const LINE_COLUMNS = sql`
  a.id, a.status, a.severity, a.severity_raw, a.title, a.dedup_key, a.resource, a.service, a.host, a.starts_at, a.ends_at,
  a.first_event_at, a.last_event_at, a.acknowledged_at, a.count, a.episode,
  ${HELD} as held, a.flapping, ${SNOOZED} as snoozed_until,
  (select r.number from alert_link l join ticket r on r.id = (l.evidence ->> 'recurs')::uuid
   where l.alert_id = a.id and l.ticket_id = a.ticket_id order by l.linked_at desc limit 1) as recurs,
  (select jsonb_build_object('id', i.id, 'name', i.name, 'system', i.system) from integration i where i.id = a.integration_id) as integration,
  (select jsonb_build_object('number', t.number, 'title', t.title, 'state', t.state, 'priority', t.priority)
   from ticket t where t.id = a.ticket_id) as ticket`

export const Alert = AlertLine.extend({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  /** Labels that a look-up added, each with the look-up's name; the others are the sender's own. */
  enriched: z.record(z.string(), z.string()),
  link: z.string().nullable(),
  group_key: z.string(),
  /** What we know it runs on: by label, by the integration, by the host's name. */
  known_service: z.object({ id: Id, key: z.string(), name: z.record(z.string(), z.string()) }).nullable(),
  configuration_item: z.object({ id: Id, name: z.string() }).nullable(),
  acknowledged_by: z.object({ id: Id, name: z.string() }).nullable(),
  /** What it has been through, newest first. */
  life: z.array(
    z.object({
      id: Id,
      at: Instant,
      verb: z.string(),
      before: z.unknown(),
      after: z.unknown(),
      why: z.unknown(),
      names: z.record(z.string(), z.string()),
      actor: z.object({ kind: z.string(), id: Id.nullable(), name: z.string().nullable() }),
    }),
  ),
  /** Why it stands in each incident, newest first. */
  links: z.array(
    z.object({
      ticket: z.string(),
      title: z.string(),
      state: z.string(),
      episode: z.number(),
      how: z.string(),
      rule: z.string(),
      rule_version: z.number(),
      evidence: z.record(z.string(), z.unknown()),
      told: Told,
      linked_at: Instant,
      detached: Detached,
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
