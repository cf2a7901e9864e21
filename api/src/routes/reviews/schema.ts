import { z } from '@hono/zod-openapi'
import { type Reader, REVIEW_TEXTS, ticketWorkable } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import { Id, Instant } from '../../route.ts'
import { at } from '../tickets/details.ts'
import { NumberParams, State } from '../tickets/schema.ts'

const Named = z.object({ id: Id, name: z.string() })
const Linked = z.object({ number: z.string(), title: z.string(), state: State })
const Day = z.iso.date().openapi({ example: '2026-12-01' })

/** What people write in a review. */
export const Texts = z.strictObject(
  Object.fromEntries(REVIEW_TEXTS.map((text) => [text, z.string().max(20_000).optional()])) as Record<
    (typeof REVIEW_TEXTS)[number],
    z.ZodOptional<z.ZodString>
  >,
)
export const ActionInput = z.strictObject({
  title: z.string().trim().min(1).max(500),
  owner_id: Id,
  due_on: Day.openapi({ description: 'the last day, where its owner is' }),
  ticket: NumberParams.shape.number
    .nullable()
    .optional()
    .openapi({ description: 'the problem or change that does it' }),
})

export const Action = z
  .object({
    id: Id,
    incident: z.string().openapi({ description: 'the major incident whose review asked for it' }),
    review: z.string().openapi({ description: 'what that is called' }),
    title: z.string(),
    owner: Named,
    due_on: Day,
    state: z.enum(['open', 'done']),
    overdue: z.boolean(),
    ticket: Linked.nullable(),
    done_at: Instant.nullable(),
    revision: z.number(),
    editable: z.boolean().openapi({ description: 'the reader may change it' }),
  })
  .openapi('ReviewAction')
export type Action = z.infer<typeof Action>

export const Review = z
  .object({
    incident: z.string(),
    title: z.string(),
    state: z.enum(['none', 'draft', 'finished']),
    revision: z.number().openapi({ description: '0: nobody has begun it' }),
    ...(Object.fromEntries(REVIEW_TEXTS.map((text) => [text, z.string()])) as Record<
      (typeof REVIEW_TEXTS)[number],
      z.ZodString
    >),
    finished_at: Instant.nullable(),
    finished_by: Named.nullable(),
    times: z
      .array(
        z.object({
          what: z.enum(['opened', 'acknowledged', 'declared', 'first_told', 'resolved']),
          at: Instant,
        }),
      )
      .openapi({ description: 'the main moments; the whole is GET /tickets/{number}/timeline.md' }),
    actions: z.array(Action),
    may: z.array(z.enum(['write', 'act', 'finish', 'reopen'])),
  })
  .openapi('Review')

export const ListedReview = z
  .object({
    incident: z.string(),
    title: z.string().openapi({ description: 'what the incident was called outside, else its title' }),
    incident_state: State,
    state: z.enum(['none', 'draft', 'finished']),
    solved_at: Instant,
    finished_at: Instant.nullable(),
    lead: Named.nullable(),
  })
  .openapi('ListedReview')

/** What an incident was called outside, over `ticket t`. */
export const CALLED = sql<string>`coalesce((select u.title from major_update u where u.ticket_id = t.id
  order by u.created_at desc, u.message_id desc limit 1), t.title)`

/** Over `review_action a` with its `ticket t` and owner `person p`; the reader sees a linked ticket where they may. */
export const ACTION = (reader: Reader): RawBuilder<unknown> => sql`
  a.id, t.number as incident, ${CALLED} as review, a.title,
  jsonb_build_object('id', p.id, 'name', p.name) as owner, a.due_on::text as due_on,
  case when a.done_at is null then 'open' else 'done' end as state,
  a.done_at is null and a.due_at <= (select tocsin_now()) as overdue,
  (select jsonb_build_object('number', o.number, 'title', o.title, 'state', o.state)
   from ticket o where o.id = a.linked_id and exists (select from ticket t where t.id = o.id and ${ticketWorkable(reader)})) as ticket,
  ${at('a.done_at')} as done_at, a.revision, ${ticketWorkable(reader)} or a.owner_id = ${reader.person.id} as editable`
