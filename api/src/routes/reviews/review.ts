import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  actorOf,
  addAction,
  DeskError,
  discardDrafts,
  finishReview,
  found,
  type Reader,
  reopenReview,
  REVIEW_TEXTS,
  type ReviewState,
  reviewSteps,
  transact,
  writeReview,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, json, route } from '../../route.ts'
import { at } from '../tickets/details.ts'
import { findTicket } from '../tickets/find.ts'
import { NumberParams } from '../tickets/schema.ts'
import { linkedOf } from './actions.ts'
import { ACTION, type Action, ActionInput, Review, Texts } from './schema.ts'

const tags = ['Reviews']
const path = '/tickets/{number}/review' as const
const get = route('ticket.answer', {
  method: 'get',
  path,
  summary: 'The review of a major incident, with what is to be done; 404 where there is nothing to review',
  tags,
  request: { params: NumberParams },
  responses: { 200: json(Review, 'The review') },
})
const write = route('ticket.answer', {
  method: 'put',
  path,
  summary: 'Begin it, or change what it says; texts that are left out stay, drafts of those given are spent',
  tags,
  request: {
    params: NumberParams,
    body: body(
      Texts.extend({
        seen_revision: z
          .number()
          .int()
          .optional()
          .openapi({ description: '412 where somebody changed it since' }),
      }),
    ),
  },
  responses: { 200: json(Review, 'As it is now') },
})
const settles = (['finish', 'reopen'] as const).map((step) =>
  route('ticket.answer', {
    method: 'post',
    path: `${path}/${step}`,
    summary:
      step === 'finish'
        ? 'It says what was learnt: what happened, its impact and its cause'
        : 'There is more to say',
    tags,
    request: { params: NumberParams, body: body(z.strictObject({})) },
    responses: { 200: json(Review, 'As it is now') },
  }),
)
const add = route('ticket.answer', {
  method: 'post',
  path: `${path}/actions`,
  summary: 'Something that is to be done; whoever owns it hears of it',
  tags,
  request: { params: NumberParams, body: body(ActionInput) },
  responses: { 201: json(Review, 'As it is now') },
})

type Stored = Omit<z.infer<typeof Review>, 'times' | 'actions' | 'may'> & {
  id: string
  ticket_state: string
  declared: boolean
  times: Record<string, string | null>
}

async function readReview(db: Db, reader: Reader, ticketId: string): Promise<z.infer<typeof Review>> {
  const texts = sql.join(
    REVIEW_TEXTS.map((text) => sql`coalesce(r.${sql.ref(text)}, '') as ${sql.ref(text)}`),
  )
  const { rows } = await sql<Stored>`
    select t.id, t.number as incident, t.title, t.state as ticket_state, m.state = 'declared' as declared, ${texts},
      case when r.ticket_id is null then 'none' when r.finished_at is null then 'draft' else 'finished' end as state,
      coalesce(r.revision, 0) as revision, ${at('r.finished_at')} as finished_at,
      (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = r.finished_by) as finished_by,
      jsonb_build_object('opened', ${at('t.created_at')}, 'acknowledged', ${at('t.acknowledged_at')},
        'declared', ${at('m.decided_at')}, 'resolved', ${at('t.resolved_at')}, 'first_told', (
          select ${at('u.created_at')} from major_update u where u.ticket_id = t.id order by u.created_at limit 1)) as times
    from ticket t join major_incident m on m.ticket_id = t.id left join review r on r.ticket_id = t.id
    where t.id = ${ticketId} and (m.state = 'declared' or r.ticket_id is not null)`.execute(db)
  const { id, ticket_state, declared, times, ...review } = found(rows[0], 'review')
  const actions = await sql<Action>`
    select ${ACTION(reader)} from review_action a join ticket t on t.id = a.ticket_id join person p on p.id = a.owner_id
    where a.ticket_id = ${id} order by a.done_at is not null, a.due_at, a.id limit 500`.execute(db)
  return {
    ...review,
    times: Object.entries(times)
      .flatMap(([what, when]) => (when ? [{ what: what as 'opened', at: when }] : []))
      .toSorted((a, b) => a.at.localeCompare(b.at)),
    actions: actions.rows,
    may: reviewSteps({ state: ticket_state, declared, review: review.state as ReviewState }),
  }
}

export const reviewRoutes: Resource = (app, { db }) => {
  const workable = async (reader: Reader, number: string) => {
    const ticket = await findTicket(db, reader, number)
    if (!ticket.workable)
      throw new DeskError('forbidden', 'Only those who work on this ticket see its review.')
    return ticket.id
  }
  app.openapi(get, async (c) => {
    const reader = c.get('reader')
    const id = await workable(reader, c.req.valid('param').number)
    return c.json(await readReview(db, reader, id), 200)
  })
  app.openapi(write, async (c) => {
    const reader = c.get('reader')
    const id = await workable(reader, c.req.valid('param').number)
    const { seen_revision: seenRevision, ...texts } = c.req.valid('json')
    await transact(db, actorOf(reader), async (tx) => {
      await writeReview(tx, { id, texts, seenRevision })
      const boxes = REVIEW_TEXTS.filter((text) => texts[text] !== undefined)
      await discardDrafts(tx, { personId: reader.person.id, ticketId: id, boxes })
    })
    return c.json(await readReview(db, reader, id), 200)
  })
  for (const [index, declared] of settles.entries())
    app.openapi(declared, async (c) => {
      const reader = c.get('reader')
      const id = await workable(reader, c.req.valid('param').number)
      await transact(db, actorOf(reader), (tx) => (index === 0 ? finishReview : reopenReview)(tx, id))
      return c.json(await readReview(db, reader, id), 200)
    })
  app.openapi(add, async (c) => {
    const reader = c.get('reader')
    const id = await workable(reader, c.req.valid('param').number)
    const { title, owner_id: ownerId, due_on: dueOn, ticket } = c.req.valid('json')
    const linkedId = (await linkedOf(db, reader, ticket)) ?? null
    await transact(db, actorOf(reader), (tx) => addAction(tx, id, { title, ownerId, dueOn, linkedId }))
    return c.json(await readReview(db, reader, id), 201)
  })
}
