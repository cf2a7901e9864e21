import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { readFields, type Reader, ticketWorkable } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { route } from '../../route.ts'
import { csvFile } from '../live/csv.ts'
import { answersOf, TAGS } from './answers.ts'
import { TicketFilter } from './filter.ts'
import { listTickets } from './list.ts'
import { SORTS } from './order.ts'

/** As many as one file holds: a spreadsheet reads no more with ease. */
const MOST = 10_000

const csv = route('ticket.read', {
  method: 'get',
  path: '/tickets.csv',
  summary: `What a list of tickets finds, as a spreadsheet reads it, with tags and custom fields; the first ${MOST}`,
  tags: ['Tickets'],
  request: {
    query: TicketFilter.extend({
      sort: z.enum(SORTS).default('-created'),
      limit: z.coerce.number().int().min(1).max(MOST).default(MOST),
    }),
  },
  responses: { 200: { description: 'Tickets', content: { 'text/csv': { schema: z.string() } } } },
})

const COLUMNS = [
  'number',
  'kind',
  'title',
  'state',
  'status',
  'pending_reason',
  'priority',
  'impact',
  'urgency',
  'service',
  'category',
  'team',
  'assignee',
  'requester',
  'organisation',
  'channel',
  'created_at',
  'updated_at',
  'acknowledged_at',
  'first_response_at',
  'resolved_at',
  'closed_at',
  'due_at',
  'sla_response',
  'sla_resolution',
  'resolution_code',
  'tags',
]

interface Beside {
  number: string
  organisation: string | null
  resolution_code: string | null
  tags: string[]
}

/** What a line of the list does not tell, to each reader as the ticket's own page does. */
async function besideOf(db: Db, reader: Reader, numbers: string[]): Promise<Map<string, Beside>> {
  const { rows } = await sql<Beside>`
    with t as (select t.*, ${ticketWorkable(reader)} as workable from ticket t where t.number = any(${numbers}))
    select t.number, (select o.name from organisation o where o.id = t.organisation_id) as organisation,
           case when t.workable then t.resolution_code end as resolution_code, ${TAGS} as tags
    from t`.execute(db)
  return new Map(rows.map((row) => [row.number, row]))
}

const word = (answer: unknown, people: Record<string, string>): unknown =>
  Array.isArray(answer) ? answer.join(', ') : typeof answer === 'string' ? (people[answer] ?? answer) : answer

export const exportListRoutes: Resource = (app, { db }) => {
  app.openapi(csv, async (c) => {
    const reader = c.get('reader')
    const { items } = await listTickets(db, reader, c.req.valid('query'))
    const numbers = items.map(({ number }) => number)
    const beside = await besideOf(db, reader, numbers)
    const answers = await answersOf(db, reader, numbers)
    const answered = new Set([...answers.values()].flatMap(({ fields }) => Object.keys(fields)))
    const known = (await readFields(db, { archived: true })).map(({ key }) => key)
    // Custom fields in their order; what a form of the catalogue asked comes after them.
    const keys = [...new Set([...known, ...answered])].filter((key) => answered.has(key))
    const rows = items.map((line) => {
      const { fields, people } = answers.get(line.number) ?? { fields: {}, people: {} }
      const more = beside.get(line.number)
      const sla = (target: string) => line.sla.find((clock) => clock.target === target)?.state
      return {
        ...line,
        status: line.status?.key,
        service: line.service?.key,
        category: line.category?.key,
        team: line.team?.name,
        assignee: line.assignee?.name,
        requester: line.requester?.name,
        sla_response: sla('response'),
        sla_resolution: sla('resolution'),
        ...more,
        tags: more?.tags.join(' '),
        ...Object.fromEntries(keys.map((key) => [`field.${key}`, word(fields[key], people)])),
      }
    })
    return csvFile(c, 'tickets', [...COLUMNS, ...keys.map((key) => `field.${key}`)], rows)
  })
}
