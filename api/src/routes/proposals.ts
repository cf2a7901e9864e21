import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  acceptProposal,
  actorOf,
  alertVisible,
  declineProposal,
  found,
  lockProposal,
  PROPOSAL_LIVES,
  type Reader,
  transact,
} from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { Empty, Id, IdParams, Instant, json, page, Paging, route } from '../route.ts'
import { AlertLine, LINE_COLUMNS } from './alerts/schema.ts'

const STATES = ['open', 'accepted', 'declined', 'lapsed'] as const
const Proposal = z
  .object({
    id: Id,
    state: z.enum(STATES).openapi({ description: 'lapsed: its alert was over before anybody decided' }),
    /** What it would open. */
    opens: z.enum(['incident', 'request']),
    rule: z.object({ id: Id, name: z.string(), version: z.number() }),
    evidence: z.record(z.string(), z.unknown()),
    alert: AlertLine,
    created_at: Instant,
    decided_at: Instant.nullable(),
    decided_by: z.object({ id: Id, name: z.string() }).nullable(),
    ticket: z.string().nullable(),
  })
  .openapi('Proposal')

const tags = ['Alerts']
const list = route('alert.read', {
  method: 'get',
  path: '/proposals',
  summary: 'Tickets that a rule would open once a person confirms, the newest first',
  tags,
  request: { query: Paging.extend({ state: z.enum(STATES).default('open') }) },
  responses: { 200: json(page(Proposal), 'Proposals') },
})
const accept = route('alert.work', {
  method: 'post',
  path: '/proposals/{id}/accept',
  summary: 'Open the ticket, while the alert still fires',
  tags,
  request: { params: IdParams },
  responses: { 200: json(z.object({ ticket: z.string() }), 'Opened') },
})
const decline = route('alert.work', {
  method: 'post',
  path: '/proposals/{id}/decline',
  summary: 'Open nothing; the rule’s page counts the disagreement',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Empty, 'Declined') },
})

const STATE = sql`case when p.state = 'open' and not ${PROPOSAL_LIVES} then 'lapsed' else p.state end`

async function readProposals(db: Db, reader: Reader, where: RawBuilder<unknown>, limit: number) {
  const { rows } = await sql<z.infer<typeof Proposal>>`
    select p.id, ${STATE} as state, p.evidence, p.created_at, p.decided_at,
      (select r ->> 'opens' from ruleset s, jsonb_array_elements(s.body -> 'rules') r
       where s.version = p.rule_version and r ->> 'id' = p.rule) as opens,
      jsonb_build_object('id', p.rule, 'name', p.evidence ->> 'name', 'version', p.rule_version) as rule,
      (select to_jsonb(l) from (select ${LINE_COLUMNS}) l) as alert,
      (select jsonb_build_object('id', d.id, 'name', d.name) from person d where d.id = p.decided_by) as decided_by,
      (select number from ticket where id = p.ticket_id) as ticket
    from proposal p join alert a on a.id = p.alert_id
    where ${alertVisible(reader)} and ${where}
    order by p.id desc limit ${limit}`.execute(db)
  return rows
}

const mine = async (db: Db, reader: Reader, id: string) =>
  found((await readProposals(db, reader, sql`p.id = ${id}`, 1))[0], 'proposal')

export const proposalRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { cursor, limit, state } = c.req.valid('query')
    const before = cursor ? sql`and p.id < ${decodeCursor(cursor, 1)[0]}::uuid` : sql``
    const where = sql`p.state = ${state === 'lapsed' ? 'open' : state} and ${STATE} = ${state} ${before}`
    const rows = await readProposals(db, c.get('reader'), where, limit + 1)
    const items = rows.slice(0, limit)
    const next = rows.length > limit ? encodeCursor([items.at(-1)!.id]) : null
    return c.json({ items, next }, 200)
  })
  app.openapi(accept, async (c) => {
    const reader = c.get('reader')
    const { id } = await mine(db, reader, c.req.valid('param').id)
    await transact(
      db,
      actorOf(reader),
      (tx) => acceptProposal(tx, id),
      (trx) => lockProposal(trx, id),
    )
    const { ticket } = await mine(db, reader, id)
    return c.json({ ticket: ticket! }, 200)
  })
  app.openapi(decline, async (c) => {
    const reader = c.get('reader')
    const { id } = await mine(db, reader, c.req.valid('param').id)
    await transact(db, actorOf(reader), (tx) => declineProposal(tx, id))
    return c.json({ ok: true as const }, 200)
  })
}
