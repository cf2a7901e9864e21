import { z } from '@hono/zod-openapi'
import { actorOf, decideApproval, found, handApprovalOn, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { body, Empty, Id, IdParams, json, page, Paging, route } from '../route.ts'
import { namedLike } from './catalogue.ts'
import { FIELDS, PEOPLE } from './tickets/answers.ts'
import { Approval, APPROVAL, Change } from './tickets/details.ts'
import { QUESTIONS } from './tickets/get.ts'
import { State, Ticket } from './tickets/schema.ts'

// As whoever asked sees it: what the desk alone is asked stays with it.
const ASKED = sql`jsonb_build_object('number', t.number, 'title', t.title, 'description', t.description,
  'state', t.state, 'service', (select s.name from service s where s.id = t.service_id))`

const Asked = z.object({
  number: z.string(),
  title: z.string(),
  description: z.string(),
  state: State,
  service: z.record(z.string(), z.string()).nullable(),
})
const Mine = Approval.extend({
  decision: z.enum(['approved', 'rejected']).nullable().openapi({ description: 'mine' }),
  asked_by: z.object({ id: Id, name: z.string() }).nullable(),
  change: Asked.extend(
    Change.unwrap().pick({
      type: true,
      risk: true,
      risk_reason: true,
      implementation_plan: true,
      backout_plan: true,
      test_plan: true,
      planned_start: true,
      planned_end: true,
    }).shape,
  )
    .nullable()
    .openapi({ description: 'all that one needs to decide, whether one may see the ticket or not' }),
  request: Asked.extend({
    requester: z.string().nullable(),
    ...Ticket.pick({ fields: true, people: true, questions: true }).shape,
  })
    .nullable()
    .openapi({ description: 'the same of a request, with what was answered in its form' }),
}).openapi('MyApproval')

const tags = ['Approvals']
const list = route('self', {
  method: 'get',
  path: '/approvals',
  summary: 'What waits for my approval, or all that I was asked for; the newest first',
  tags,
  request: { query: Paging.extend({ state: z.enum(['open', 'all']).default('open') }) },
  responses: { 200: json(page(Mine), 'Approvals') },
})
const Say = z.strictObject({ comment: z.string().trim().max(2_000).optional() })
const decisions = (['approve', 'reject'] as const).map((verb) =>
  route('self', {
    method: 'post',
    path: `/approvals/{id}/${verb}`,
    summary: verb === 'approve' ? 'Say yes' : 'Say no, and why',
    tags,
    request: { params: IdParams, body: body(Say) },
    responses: { 200: json(Empty, 'Decided') },
  }),
)
const handOn = route('self', {
  method: 'post',
  path: '/approvals/{id}/hand-on',
  summary: 'Let somebody else decide in my place; nobody whose change it is',
  tags,
  request: { params: IdParams, body: body(z.strictObject({ person_id: Id })) },
  responses: { 200: json(Empty, 'Handed on') },
})
const people = route('self', {
  method: 'get',
  path: '/approvals/{id}/people',
  summary: 'Whom an approval of mine can be handed to: names alone',
  tags,
  request: {
    params: IdParams,
    query: z.object({
      q: z.string().trim().min(2).max(100).openapi({ description: 'the beginning of any name' }),
    }),
  },
  responses: { 200: json(page(z.object({ id: Id, name: z.string() })), 'At most 8') },
})

export const approvalRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const me = c.get('reader').person.id
    const { state, cursor, limit } = c.req.valid('query')
    const after = cursor ? decodeCursor(cursor, 2) : null
    const { rows } = await sql<{ item: z.infer<typeof Mine> }>`
      select ${APPROVAL} || jsonb_build_object('decision', v.decision,
        'asked_by', (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = a.asked_by),
        'change', case when c.ticket_id is not null then ${ASKED} || jsonb_build_object('type', c.type, 'risk', c.risk,
          'risk_reason', c.risk_reason, 'implementation_plan', c.implementation_plan, 'backout_plan', c.backout_plan,
          'test_plan', c.test_plan, 'planned_start', to_jsonb(c.planned_start at time zone 'UTC') #>> '{}' || 'Z',
          'planned_end', to_jsonb(c.planned_end at time zone 'UTC') #>> '{}' || 'Z') end,
        'request', case when t.kind = 'request' then ${ASKED} || jsonb_build_object(
          'requester', (select p.name from person p where p.id = t.requester_id),
          'fields', ${FIELDS}, 'people', ${PEOPLE}, 'questions', ${QUESTIONS}) end) as item
      from approver v join approval a on a.id = v.approval_id
      join lateral (select w.*, false as workable from ticket w where w.id = a.ticket_id) t on true
      left join change_plan c on c.ticket_id = t.id
      where v.person_id = ${me} and a.state <> 'withdrawn'
        ${state === 'open' ? sql`and a.state = 'open' and v.decision is null and t.state not in ('resolved', 'closed', 'cancelled')` : sql``}
        ${after ? sql`and (a.asked_at, a.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by a.asked_at desc, a.id desc limit ${limit + 1}`.execute(db)
    const items = rows.slice(0, limit).map(({ item }) => item)
    const last = items.at(-1)
    return c.json(
      { items, next: rows.length > limit && last ? encodeCursor([last.asked_at, last.id]) : null },
      200,
    )
  })
  for (const [index, decision] of (['approved', 'rejected'] as const).entries())
    app.openapi(decisions[index]!, async (c) => {
      const { comment } = c.req.valid('json')
      await transact(db, actorOf(c.get('reader')), (tx) =>
        decideApproval(tx, { approvalId: c.req.valid('param').id, decision, comment }),
      )
      return c.json({ ok: true as const }, 200)
    })
  app.openapi(handOn, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) =>
      handApprovalOn(tx, {
        approvalId: c.req.valid('param').id,
        personId: c.req.valid('json').person_id,
      }),
    )
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(people, async (c) => {
    const { id } = c.req.valid('param')
    const me = c.get('reader').person.id
    const { rows: mine } = await sql`
      select from approver where approval_id = ${id} and person_id = ${me}`.execute(db)
    found(mine[0], 'approval')
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from person where archived_at is null and id <> ${me} and ${namedLike(c.req.valid('query').q)}
      order by name, id limit 8`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
}
