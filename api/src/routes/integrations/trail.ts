import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { alertVisible, BUCKETS, found, olderThanKept, type Reader, ticketVisible } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { Detached, DETACHED, Told, TOLD } from '../../evidence.ts'
import { Id, IdParams, Instant, json, route } from '../../route.ts'
import { HELD, HeldBack, SNOOZED_TEXT, STATUSES } from '../alerts/schema.ts'
import { Page, readPages } from '../pages.ts'
import { Priority, Sla, State } from '../tickets/schema.ts'
import { clocksOf } from '../tickets/sla.ts'
import { demandIntegration } from './visible.ts'

/** What is walked through of a body with many elements; the rest is counted. */
const EVENTS = 20
const PAGES = 20

const text = z.string().nullable()
const TrailEvent = z.object({
  position: z.number(),
  kind: z.string(),
  title: text,
  dedup_key: text,
  severity: text,
  severity_raw: text,
  starts_at: Instant.nullable(),
  ends_at: Instant.nullable(),
  bucket: z.enum(BUCKETS),
  reason: z.record(z.string(), z.unknown()).nullable(),
  decided_at: Instant,
  dead_letter: z
    .object({ id: Id, reason: z.string(), retried: z.boolean() })
    .nullable()
    .openapi({ description: 'why it could not be read' }),
  alert: z
    .object({
      id: Id,
      title: z.string(),
      status: z.enum(STATUSES).openapi({ description: 'now' }),
      held: HeldBack,
      flapping: z.boolean(),
      snoozed_until: text,
    })
    .nullable(),
  link: z
    .object({
      ticket: z.string(),
      how: z.string(),
      rule: z.string(),
      rule_version: z.number(),
      evidence: z.record(z.string(), z.unknown()),
      told: Told,
      linked_at: Instant,
      detached: Detached,
    })
    .nullable()
    .openapi({ description: 'the ticket of this opening of its alert, and why that one' }),
})
const TrailTicket = z.object({
  number: z.string(),
  title: z.string(),
  state: State,
  priority: Priority,
  created_at: Instant,
  sla: z.array(Sla),
  escalation: z
    .object({
      policy: z.string(),
      version: z.number(),
      state: z.string(),
      next_step_at: Instant.nullable(),
    })
    .nullable()
    .openapi({ description: 'the latest; null: nobody was to be paged' }),
  pages: z.array(Page),
  shadow: z
    .array(
      z.object({ id: Id, at: Instant, person: z.object({ id: Id, name: z.string() }), why: z.unknown() }),
    )
    .nullable()
    .openapi({ description: 'it pages nobody: whom it would have paged so far; null: it is in no shadow' }),
})
const Trail = z
  .object({
    receipt: z.object({
      id: Id,
      received_at: Instant,
      outcome: z.enum(['accepted', 'rejected']),
      answer_status: z.number(),
      reason: text,
      event_count: z.number(),
      size: z.number(),
    }),
    waiting: z.boolean().openapi({ description: 'kept, and not decided yet' }),
    events: z.array(TrailEvent).openapi({ description: `the first ${EVENTS}, in their order` }),
    tickets: z.array(TrailTicket),
  })
  .openapi('Trail')
type Trail = z.infer<typeof Trail>

const trail = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}/receipts/{receiptId}/trail',
  summary: 'What became of a request: its events as read, their alerts, tickets, clocks and pages',
  tags: ['Integrations'],
  request: { params: IdParams.extend({ receiptId: Id }) },
  responses: { 200: json(Trail, 'From the receipt to whoever was paged, as it stands now') },
})

export const trailRoutes: Resource = (app, { db }) => {
  app.openapi(trail, async (c) => {
    const { id, receiptId } = c.req.valid('param')
    const reader = c.get('reader')
    await demandIntegration(db, reader, id)
    const { events, waiting, ...receipt } = await readReceipt(db, reader, id, receiptId)
    const numbers = [...new Set(events.flatMap(({ link }) => link?.ticket ?? []))]
    const tickets = await readTickets(db, reader, numbers)
    return c.json({ receipt, waiting, events, tickets }, 200)
  })
}

async function readReceipt(db: Db, reader: Reader, integrationId: string, receiptId: string) {
  const { rows } = await sql<Trail['receipt'] & Pick<Trail, 'events' | 'waiting'>>`
    with r as materialized (
      select * from receipt where integration_id = ${integrationId} and id = ${receiptId}
    ), sent as materialized (
      select e.* from r join event e on e.receipt_id = r.id and e.received_at = r.received_at order by e.position limit ${EVENTS}
    )
    select r.id, r.received_at, r.outcome, r.answer_status, r.reason, r.event_count, length(r.body) as size,
      exists (select from receipt_waiting w where w.integration_id = r.integration_id and w.receipt_id = r.id) as waiting,
      coalesce((select jsonb_agg(jsonb_build_object(
          'position', e.position, 'kind', e.kind, 'title', e.title, 'dedup_key', e.dedup_key, 'severity', e.severity,
          'severity_raw', e.severity_raw, 'starts_at', e.starts_at, 'ends_at', e.ends_at, 'bucket', e.bucket,
          'reason', e.reason, 'decided_at', e.decided_at,
          'dead_letter', (select jsonb_build_object('id', d.id, 'reason', d.reason, 'retried', d.retried_at is not null)
            from dead_letter d where d.integration_id = e.integration_id and d.event_id = e.id),
          'alert', case when a.id is not null then jsonb_build_object('id', a.id, 'title', a.title, 'status', a.status,
            'held', ${HELD}, 'flapping', a.flapping, 'snoozed_until', ${SNOOZED_TEXT}) end,
          'link', k.link) order by e.position)
        from sent e
        left join lateral (select * from alert a where a.id = e.alert_id and ${alertVisible(reader)}) a on true
        -- The opening that it belongs to, as the alert's lines tell; its ticket then, else the one it found later.
        left join lateral (
          select (v.after ->> 'episode')::int as episode from activity v
          where v.subject_kind = 'alert' and v.subject_id = a.id and v.at <= e.decided_at and v.after ? 'episode'
          order by v.at desc, v.cause ->> 'id' = e.receipt_id::text desc nulls last, v.id desc limit 1) o on true
        left join lateral (
          select jsonb_build_object('ticket', t.number, 'how', l.how, 'rule', l.rule, 'rule_version', l.rule_version,
            'evidence', l.evidence, 'told', ${TOLD}, 'linked_at', l.linked_at, 'detached', ${DETACHED}) as link
          from alert_link l join ticket t on t.id = l.ticket_id
          where l.alert_id = a.id and l.episode = o.episode and ${ticketVisible(reader)}
          order by l.linked_at <= e.decided_at desc, abs(extract(epoch from l.linked_at - e.decided_at)) limit 1) k on true
      ), '[]') as events
    from r`.execute(db)
  if (rows.length === 0) await olderThanKept(db, receiptId)
  return found(rows[0], 'receipt')
}

async function readTickets(db: Db, reader: Reader, numbers: string[]): Promise<Trail['tickets']> {
  if (numbers.length === 0) return []
  const { rows } = await sql<Omit<Trail['tickets'][number], 'sla' | 'pages'> & { id: string }>`
    select t.id, t.number, t.title, t.state, t.priority, t.created_at,
      (select jsonb_build_object('policy', p.name, 'version', v.version, 'state', e.state,
         'next_step_at', (select min(s.due_at) from escalation_step s
                          where s.escalation_id = e.id and s.decided_at is null and e.state = 'running'))
       from escalation e join escalation_policy_version v on v.id = e.policy_version_id
       join escalation_policy p on p.id = v.policy_id
       where e.ticket_id = t.id order by e.cycle desc limit 1) as escalation,
      case when exists (select from shadow_ticket s where s.ticket_id = t.id and s.left_at is null) then coalesce((
        select jsonb_agg(w order by w.at, w.id) from (
          select g.id, g.at, g.why, jsonb_build_object('id', p.id, 'name', p.name) as person
          from shadow_page g join person p on p.id = g.recipient_id
          where g.ticket_id = t.id order by g.at, g.id limit ${PAGES}) w), '[]') end as shadow
    from ticket t where t.number = any(${numbers}) and ${ticketVisible(reader)} order by t.created_at, t.id`.execute(
    db,
  )
  const [clocks, pages] = await Promise.all([
    clocksOf(
      db,
      reader,
      rows.map(({ id }) => id),
    ),
    readPages(db, reader, sql`t.number = any(${rows.map(({ number }) => number)})`, PAGES),
  ])
  return rows.map(({ id, ...ticket }) => ({
    ...ticket,
    sla: clocks.get(id) ?? [],
    pages: pages.filter((page) => page.ticket.number === ticket.number),
  }))
}
