import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { type PageReason, type Reader, readShadowDay, ticketVisible } from '@tocsin/desk'
import { stringify } from 'csv-stringify/sync'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { Id, IdParams, Instant, json, page, Paging, route } from '../../route.ts'
import { demandIntegration } from './visible.ts'

const Named = z.object({ id: Id, name: z.string() })
const Would = z
  .object({
    id: Id,
    at: Instant,
    at_night: z.boolean().openapi({ description: 'between 22 and 8 o’clock where the person was' }),
    person: Named,
    ticket: z.object({
      number: z.string(),
      title: z.string().nullable().openapi({ description: 'null: not for the reader to see' }),
    }),
    cycle: z.number(),
    step: z.number(),
    why: z
      .unknown()
      .openapi({ description: 'policy, version, step, path to the person; as a page keeps it' }),
  })
  .openapi('ShadowPage')
const Report = page(Would)
  .extend({
    day: z.iso.date(),
    zone: z.string().openapi({ description: 'in which the day begins and ends' }),
    incidents: z.number().openapi({ description: 'tickets opened that day' }),
    unpaged: z.number().openapi({ description: 'of these, those for which nobody would have been paged' }),
    pages: z.number(),
    at_night: z.number(),
    people: z.array(z.object({ person: Named, pages: z.number(), at_night: z.number() })),
  })
  .openapi('ShadowReport')
type Would = Omit<z.infer<typeof Would>, 'at' | 'why'> & {
  at: Date
  why: Exclude<PageReason, { by_hand: unknown }>
}

const Day = z.iso
  .date()
  .refine((day) => day >= '2000-01-01' && day < '2200-01-01', 'a day between 2000 and 2199')
  .openapi({ description: 'of the reporting zone; absent: today' })

const report = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}/shadow',
  summary: 'Whom it would have paged on a day on which it was in shadow; `format=csv` for a spreadsheet',
  tags: ['Integrations'],
  request: {
    params: IdParams,
    query: Paging.extend({ day: Day.optional(), format: z.enum(['json', 'csv']).default('json') }),
  },
  responses: {
    200: {
      ...json(Report, 'The day, the earliest page first'),
      content: { 'application/json': { schema: Report }, 'text/csv': { schema: z.string() } },
    },
  },
})

/** More than a day can hold before somebody looks. */
const MOST_IN_FILE = 50_000

export const shadowRoutes: Resource = (app, { db }) => {
  app.openapi(report, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    const { day, cursor, limit, format } = c.req.valid('query')
    await demandIntegration(db, reader, id)
    const { from, to, ...told } = await readShadowDay(db, id, day)
    const within = sql<boolean>`g.integration_id = ${id} and g.at >= ${from} and g.at < ${to}`
    if (format === 'csv')
      return c.body(csvOf(await readWould(db, reader, within, MOST_IN_FILE)), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="shadow-${told.day}.csv"`,
      })
    const read = await readWould(db, reader, cursor ? sql`${within} and ${after(cursor)}` : within, limit + 1)
    const items = read.slice(0, limit)
    const last = items.at(-1)
    return c.json(
      {
        ...told,
        items: items.map((item) => ({ ...item, at: item.at.toISOString() })),
        next: read.length > limit && last ? encodeCursor([last.at.toISOString(), last.id]) : null,
      },
      200,
    )
  })
}

function after(cursor: string): RawBuilder<unknown> {
  const [at, id] = decodeCursor(cursor, 2)
  return sql`(g.at, g.id) > (${at}::timestamptz(3), ${id}::uuid)`
}

async function readWould(
  db: Db,
  reader: Reader,
  where: RawBuilder<unknown>,
  limit: number,
): Promise<Would[]> {
  const { rows } = await sql<Would>`
    select g.id, g.at, g.at_night, g.cycle, g.step, g.why, jsonb_build_object('id', p.id, 'name', p.name) as person,
      jsonb_build_object('number', t.number, 'title', case when ${ticketVisible(reader)} then t.title end) as ticket
    from shadow_page g join ticket t on t.id = g.ticket_id join person p on p.id = g.recipient_id
    where ${where} order by g.at, g.id limit ${limit}`.execute(db)
  return rows
}

const csvOf = (pages: Would[]): string =>
  stringify(
    [
      ['at', 'at_night', 'person', 'ticket', 'title', 'policy', 'version', 'step', 'round', 'via'],
      ...pages.map(({ at, at_night, person, ticket, why }) => [
        at.toISOString(),
        String(at_night),
        person.name,
        ticket.number,
        ticket.title ?? '',
        why.policy.name,
        why.policy.version,
        why.step + 1,
        why.round + 1,
        why.paths.map((path) => ('name' in path ? `${path.kind} ${path.name}` : path.kind)).join(', '),
      ]),
    ],
    { bom: true, escape_formulas: true },
  )
