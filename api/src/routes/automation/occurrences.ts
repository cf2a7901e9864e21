import { z } from '@hono/zod-openapi'
import { DeskError, readNow, recurrenceOf, ticketVisible, wrongRecurrence } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { body, Id, Instant, json, page, Paging, route } from '../../route.ts'

const tags = ['Automation']
const SHOWN = 5

const Occurrence = z
  .object({
    id: Id,
    rule: z.object({ id: Id, name: z.string().nullable(), version: z.number(), place: z.number() }),
    at: Instant.openapi({ description: 'when it came by its schedule' }),
    missed: z
      .number()
      .openapi({ description: 'earlier times for which no engine was there; they are not made up for' }),
    state: z.enum(['running', 'done', 'failed']),
    reason: z.string().nullable().openapi({ description: 'off: the rule ended meanwhile; internal' }),
    looked: z.number().openapi({ description: 'open tickets that it looked at' }),
    acted: z.number().openapi({ description: 'tickets that it acted on' }),
    capped: z.boolean().openapi({ description: 'more would have come, but 1,000 are the most at a time' }),
    opened: z
      .object({ number: z.string(), title: z.string() })
      .nullable()
      .openapi({ description: 'the ticket that it opened' }),
    created_at: Instant,
    ended_at: Instant.nullable(),
  })
  .openapi('AutomationOccurrence')
const Recurring = z.strictObject({
  starts_at: Instant,
  zone: z.string().max(60),
  rrule: z.string().trim().min(1).max(300).openapi({ example: 'FREQ=WEEKLY;BYDAY=MO' }),
})

const list = route('automation.edit', {
  method: 'get',
  path: '/automation-rules/occurrences',
  summary: 'The times that schedules of rules came, the newest first, and what was done then',
  tags,
  request: { query: Paging.extend({ rule: Id.optional() }) },
  responses: { 200: json(page(Occurrence), 'Occurrences') },
})
const times = route('automation.edit', {
  method: 'post',
  path: '/automation-rules/times',
  summary: 'When a schedule would come next, five times; 422 where it cannot be one',
  tags,
  request: { body: body(Recurring) },
  responses: { 200: json(z.object({ times: z.array(Instant) }), 'From now on; fewer where it ends') },
})

export const occurrenceRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { cursor, limit, rule } = c.req.valid('query')
    const before = cursor ? String(decodeCursor(cursor, 1)[0]) : undefined
    const { rows } = await sql<z.infer<typeof Occurrence>>`
      select o.id, o.at, o.missed, o.state, o.reason, o.looked, o.acted, o.capped, o.created_at, o.ended_at,
        jsonb_build_object('id', o.rule, 'version', o.version, 'place', o.place,
          'name', (select v.body #>> array['rules', (o.place - 1)::text, 'name'] from automation_ruleset v where v.version = o.version)) as rule,
        (select jsonb_build_object('number', t.number, 'title', t.title) from ticket t
         where t.id = o.opened_id and ${ticketVisible(c.get('reader'))}) as opened
      from automation_occurrence o
      where true ${rule ? sql`and o.rule = ${rule}` : sql``} ${before ? sql`and o.id < ${before}::uuid` : sql``}
      order by o.id desc limit ${limit + 1}`.execute(db)
    const items = rows.slice(0, limit)
    return c.json({ items, next: rows.length > limit ? encodeCursor([items.at(-1)!.id]) : null }, 200)
  })
  app.openapi(times, async (c) => {
    const recurring = c.req.valid('json')
    const wrong = wrongRecurrence(recurring)
    if (wrong) throw new DeskError('invalid', 'It cannot recur like this.', { errors: [wrong] })
    const recurrence = recurrenceOf(recurring)!
    const found: string[] = []
    let after: number | null = (await readNow(db)).getTime()
    while (found.length < SHOWN && (after = recurrence.next(after)) !== null)
      found.push(new Date(after).toISOString())
    return c.json({ times: found }, 200)
  })
}
