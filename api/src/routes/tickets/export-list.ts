import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { readCatalogue, readFields, type Reader, seesByTeam, ticketWorkable } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { route } from '../../route.ts'
import { csvStream, csvText } from '../live/csv.ts'
import { answersOf, TAGS } from './answers.ts'
import { TicketFilter } from './filter.ts'
import { listTickets } from './list.ts'
import { SORTS } from './order.ts'

/** Read at a time: a file of any length takes no more memory than this. */
const PAGE = 1_000

const csv = route('ticket.read', {
  method: 'get',
  path: '/tickets.csv',
  summary: 'What a list of tickets finds, as a spreadsheet reads it, with tags and custom fields',
  tags: ['Tickets'],
  request: {
    query: TicketFilter.extend({
      sort: z.enum(SORTS).default('-created'),
      limit: z.coerce.number().int().min(1).optional().openapi({ description: 'all, where none is said' }),
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

type Row = Record<string, unknown> & { fields: Record<string, unknown> }

async function rowsOf(db: Db, reader: Reader, items: Listed['items']): Promise<Row[]> {
  const numbers = items.map(({ number }) => number)
  const beside = await besideOf(db, reader, numbers)
  const answers = await answersOf(db, reader, numbers)
  return items.map((line) => {
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
      fields: Object.fromEntries(Object.entries(fields).map(([key, answer]) => [key, word(answer, people)])),
    }
  })
}

const word = (answer: unknown, people: Record<string, string>): unknown =>
  Array.isArray(answer) ? answer.join(', ') : typeof answer === 'string' ? (people[answer] ?? answer) : answer

type Listed = Awaited<ReturnType<typeof listTickets>>
type Asked = Omit<Parameters<typeof listTickets>[2], 'limit' | 'cursor'>

/** Page by page, each found anew behind the last row of the one before. */
async function* pagesOf(db: Db, reader: Reader, asked: Asked, limit: number) {
  let left = limit
  for (let cursor: string | undefined; left > 0;) {
    // oxlint-disable-next-line no-await-in-loop -- each begins where the one before ended
    const { items, next } = await listTickets(db, reader, { ...asked, cursor, limit: Math.min(PAGE, left) })
    left = next === null ? 0 : left - items.length
    // oxlint-disable-next-line no-await-in-loop -- as above
    yield { rows: await rowsOf(db, reader, items), more: left > 0 }
    cursor = next ?? undefined
  }
}

/** Custom fields in their order, then what a form of the catalogue asks; employees learn nothing of what they are not asked. */
async function keysOf(db: Db, reader: Reader): Promise<string[]> {
  const fields = await readFields(db, { archived: true })
  const custom = fields.filter(({ asked }) => asked || seesByTeam(reader)).map(({ key }) => key)
  const asked = (await readCatalogue(db)).flatMap((item) => item.fields.map(({ key }) => key))
  return [...custom, ...asked]
}

/** What is answered under a key that has no column, as of a form that asks something else today. */
const OTHER = 'field.*'

async function* textOf(
  first: { rows: Row[]; more: boolean },
  rest: AsyncIterable<{ rows: Row[] }>,
  known: string[],
) {
  const answered = new Set(first.rows.flatMap(({ fields }) => Object.keys(fields)))
  // A file that is read whole has columns for what is answered in it, a longer one for all that may come.
  const keys = new Set([...known, ...answered].filter((key) => first.more || answered.has(key)))
  const columns = [...COLUMNS, ...[...keys].map((key) => `field.${key}`), ...(first.more ? [OTHER] : [])]
  const text = (rows: Row[], begins: boolean) =>
    csvText(
      columns,
      rows.map((row) => spread(row, keys)),
      begins,
    )
  yield text(first.rows, true)
  for await (const { rows } of rest) yield text(rows, false)
}

function spread({ fields, ...row }: Row, keys: ReadonlySet<string>): Record<string, unknown> {
  const answers = Object.entries(fields)
  const other = answers.filter(([key]) => !keys.has(key)).map(([key, answer]) => `${key}=${String(answer)}`)
  return {
    ...row,
    ...Object.fromEntries(answers.map(([key, answer]) => [`field.${key}`, answer])),
    [OTHER]: other.join('; '),
  }
}

export const exportListRoutes: Resource = (app, { db }) => {
  app.openapi(csv, async (c) => {
    const reader = c.get('reader')
    const { limit = Infinity, ...asked } = c.req.valid('query')
    const pages = pagesOf(db, reader, asked, limit)
    // What is wrong with the question is answered before the file begins.
    const { value: first } = await pages.next()
    return csvStream(c, 'tickets', textOf(first!, pages, await keysOf(db, reader)))
  })
}
