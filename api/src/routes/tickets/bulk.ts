import { z } from '@hono/zod-openapi'
import {
  actorOf,
  type Wanting,
  DeskError,
  editTickets,
  type Edited,
  freshEditId,
  readWish,
  type Reader,
  SHARE,
  type Spoken,
  transact,
  type Tx,
  undoEdit,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Deps, Resource } from '../../context.ts'
import { once } from '../../idempotency.ts'
import { problemOf } from '../../problem.ts'
import { body, Id, json, route } from '../../route.ts'
import { TicketFilter, whereFound } from './filter.ts'
import { inTimeOf } from './in-time.ts'
import { readFilter } from './names.ts'
import { FieldAnswer, Impact, NumberParams, PendingReason, Priority } from './schema.ts'

const MOST = 1000
const TicketNumber = NumberParams.shape.number
const Words = z.string().trim().min(1).max(100_000)
const Tags = z.array(z.string().max(200)).min(1).max(20)
const Wish = z.strictObject({
  team_id: Id.nullable().optional(),
  assignee_id: Id.nullable().optional(),
  impact: Impact.optional(),
  urgency: Impact.optional(),
  priority: Priority.optional().openapi({
    description:
      'by the impact and urgency that make it and are nearest to those a ticket has; not beside these',
  }),
  category_id: Id.nullable().optional(),
  fields: z
    .record(z.string().max(100), FieldAnswer)
    .refine((answers) => Object.keys(answers).length > 0, 'names no field')
    .optional()
    .openapi({ description: 'answers to custom fields; null takes one away' }),
  tag: Tags.optional(),
  untag: Tags.optional(),
  note: Words.optional().openapi({ description: 'for those who work on them' }),
  reply: Words.optional().openapi({ description: 'public, to each requester' }),
  step: z
    .strictObject({
      name: z.enum(['acknowledge', 'start', 'pend', 'resume', 'fix', 'resolve', 'close', 'reopen', 'cancel']),
      reason: PendingReason.optional(),
      code: z.enum(['fixed', 'workaround', 'recovered', 'duplicate', 'not-reproducible']).optional(),
      status_id: Id.optional(),
    })
    .optional()
    .openapi({ description: 'changes take their steps one at a time' }),
})
const Which = {
  tickets: z
    .array(
      z.strictObject({
        number: TicketNumber,
        revision: z.number().int().optional().openapi({
          description: 'that was seen: where somebody changed the same fields since, the ticket is refused',
        }),
      }),
    )
    .min(1)
    .max(MOST)
    .optional(),
  filter: TicketFilter.strict()
    .optional()
    .openapi({ description: `as of the list, in place of \`tickets\`; it may find ${MOST} at most` }),
  seen: z.number().int().min(0).optional().openapi({
    description: 'how many the filter found when it was looked at; 412 when it finds another number',
  }),
}
const Result = z.object({
  id: Id.openapi({ description: 'stands on every line as its cause; by it the edit is taken back' }),
  changed: z.array(z.object({ number: z.string(), revision: z.number() })),
  unchanged: z.array(z.string()).openapi({ description: 'were so already' }),
  refused: z.array(
    z.object({
      number: z.string(),
      status: z.number(),
      detail: z.string(),
      errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
  ),
})
const headers = z.object({ 'idempotency-key': z.string().max(200).optional() })

const bulk = route('ticket.answer', {
  method: 'post',
  path: '/tickets/bulk',
  summary:
    'Change up to 1,000 tickets at once, each whole or not at all; those that cannot be come back with reasons',
  tags: ['Tickets'],
  request: { headers, body: body(Wish.extend(Which)) },
  responses: { 200: json(Result, 'What became of each') },
})
const undo = route('ticket.answer', {
  method: 'post',
  path: '/tickets/bulk/{id}/undo',
  summary:
    'Take my own edit back, of many at once or by a macro, on each ticket that nobody has changed since',
  tags: ['Tickets'],
  request: {
    params: z.object({ id: Id }),
    headers,
    body: body(z.strictObject({ tickets: z.array(TicketNumber).min(1).max(MOST) })),
  },
  responses: { 200: json(Result, 'What became of each') },
})

type Kept = z.infer<typeof Result>

/** Goes through tickets share by share, each one transaction and done once for a key, under the id of the first. */
async function inShares<Item>(
  { db }: Deps,
  reader: Reader,
  asked: { key: string | undefined; input: unknown; items: Item[] },
  edit: (tx: Tx, id: string, share: Item[]) => Promise<Edited>,
): Promise<Kept> {
  const whole: Kept = { id: '', changed: [], unchanged: [], refused: [] }
  const { items, input, key } = asked
  for (let from = 0; from < items.length; from += SHARE) {
    const share = items.slice(from, from + SHARE)
    // oxlint-disable-next-line no-await-in-loop -- a share after the other, so that none holds many tickets for long
    const kept = await transact(db, actorOf(reader), (tx) =>
      once(tx, reader, key && `${key} ${from}`, input, async () => {
        const id = whole.id || (await freshEditId(tx))
        const { changed, unchanged, refused } = await edit(tx, id, share)
        return {
          id,
          changed,
          unchanged,
          refused: refused.map(({ number, error }) => ({ number, ...problemOf(error) })),
        }
      }),
    )
    whole.id ||= kept.id
    whole.changed.push(...kept.changed)
    whole.unchanged.push(...kept.unchanged)
    whole.refused.push(...kept.refused)
  }
  return whole
}

/** The tickets that a filter finds now, oldest first, at most as many as may be changed at once. */
async function matching(
  tx: Tx,
  reader: Reader,
  asked: TicketFilter,
  seen: number | undefined,
): Promise<string[]> {
  const { filter } = await readFilter(tx.db, asked)
  const { rows } = filter
    ? await inTimeOf(tx, (db) =>
        sql<{ number: string }>`
          select number from (select t.number, t.id from ticket t where ${whereFound(filter, reader)} limit ${MOST + 1}) t
          order by t.id`.execute(db),
      )
    : { rows: [] }
  if (rows.length > MOST)
    throw new DeskError(
      'conflict',
      `The filter finds more than ${MOST.toLocaleString('en')} tickets: narrow it down.`,
    )
  if (seen !== undefined && seen !== rows.length)
    throw new DeskError('stale', `The filter finds ${rows.length} tickets by now, not ${seen}.`, {
      current: { count: rows.length },
    })
  return rows.map(({ number }) => number)
}

function spokenOf(input: z.output<typeof Wish>): Spoken {
  const { team_id: teamId, assignee_id: assigneeId, category_id: categoryId, step, ...rest } = input
  return {
    ...rest,
    teamId,
    assigneeId,
    categoryId,
    steps: step && [
      { move: step.name, reason: step.reason as never, code: step.code, statusId: step.status_id },
    ],
  }
}

export const bulkRoutes: Resource = (app, deps) => {
  app.openapi(bulk, async (c) => {
    const reader = c.get('reader')
    const { tickets, filter, seen, ...wish } = c.req.valid('json')
    if ((tickets === undefined) === (filter === undefined))
      throw new DeskError('invalid', 'Name the tickets, or a filter that finds them.', {
        errors: [{ path: 'tickets', message: 'tickets or filter, one of them' }],
      })
    if (Object.values(wish).every((value) => value === undefined))
      throw new DeskError('invalid', 'Say what to change.')
    if (wish.priority && (wish.impact ?? wish.urgency))
      throw new DeskError('invalid', 'Impact and urgency make the priority: name it, or them.', {
        errors: [{ path: 'priority', message: 'is made by impact and urgency' }],
      })
    const key = c.req.valid('header')['idempotency-key']
    const input = c.req.valid('json')
    const found = filter
      ? await transact(deps.db, actorOf(reader), (tx) =>
          once(tx, reader, key && `${key} found`, input, () => matching(tx, reader, filter, seen)),
        )
      : []
    const items: Omit<Wanting, 'wish'>[] = tickets ?? found.map((number) => ({ number }))
    const each = [...new Map(items.map((one) => [one.number, one])).values()]
    const spoken = spokenOf(wish)
    const result = await inShares(deps, reader, { key, input, items: each }, async (tx, id, share) => {
      const wished = await readWish(tx, spoken)
      return editTickets(
        tx,
        reader,
        { id },
        share.map((one) => ({ ...one, wish: wished })),
      )
    })
    return c.json(result, 200)
  })

  app.openapi(undo, async (c) => {
    const reader = c.get('reader')
    const input = c.req.valid('json')
    const { id: of } = c.req.valid('param')
    const key = c.req.valid('header')['idempotency-key']
    const items = [...new Set(input.tickets)]
    const result = await inShares(deps, reader, { key, input, items }, (tx, id, share) =>
      undoEdit(tx, reader, { id, of }, share),
    )
    return c.json(result, 200)
  })
}
