import { isUtf8 } from 'node:buffer'
import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  actorOf,
  archiveLookup,
  createLookup,
  DeskError,
  found,
  MOST_ROWS,
  readTable,
  replaceLookup,
  type Table,
  transact,
} from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { readMultipart } from '../multipart.ts'
import { Id, IdParams, Instant, json, page, Paging, route, upload } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const MOST_BYTES = 5 * 1024 * 1024
const limits = `A CSV file of ${MOST_ROWS} rows and 5 MB at most, in UTF-8.`

const Lookup = z
  .object({
    id: Id,
    name: z.string(),
    field: z.string().openapi({ description: 'host, resource, service, dedup_key or labels.<name>' }),
    version: z.number(),
    column: z.string().openapi({ description: 'the column that is matched to the field' }),
    columns: z.array(z.string()).openapi({ description: 'those that become labels' }),
    rows: z.number(),
    author: z.object({ id: Id, name: z.string() }).nullable(),
    published_at: Instant,
  })
  .openapi('Lookup')
const LookupRow = z.object({ value: z.string(), labels: z.record(z.string(), z.string()) })

const tags = ['Look-ups']
const list = route('rule.read', {
  method: 'get',
  path: '/lookups',
  summary: 'Tables by which alerts get labels that their senders do not send',
  tags,
  request: {},
  responses: { 200: json(page(Lookup), 'Look-ups') },
})
const get = route('rule.read', {
  method: 'get',
  path: '/lookups/{id}',
  summary: 'One look-up',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Lookup, 'The look-up') },
})
const rows = route('rule.read', {
  method: 'get',
  path: '/lookups/{id}/rows',
  summary: 'Its rows in force, by value',
  tags,
  request: { params: IdParams, query: Paging.extend({ q: z.string().max(200).optional() }) },
  responses: { 200: json(page(LookupRow), 'Rows') },
})
const create = route('rule.edit', {
  method: 'post',
  path: '/lookups',
  summary: 'Upload a table as multipart/form-data: `name`, `field`, `column`, then the file',
  description: limits,
  ...upload(1, {
    name: 'what the table is called',
    field: 'the fact that is looked up',
    column: 'the column that is looked in',
  }),
  tags,
  request: {},
  responses: { 201: json(z.object({ id: Id }), 'Kept, and in force') },
})
const replace = route('rule.edit', {
  method: 'post',
  path: '/lookups/{id}/versions',
  summary: 'Replace the table by a new version: `column`, then the file',
  description: limits,
  ...upload(1, { column: 'the column that is looked in' }),
  tags,
  request: { params: IdParams },
  responses: { 201: json(z.object({ version: z.number() }), 'Kept, and in force') },
})

async function readLookups(db: Db, where: RawBuilder<unknown>) {
  const { rows: found } = await sql<z.infer<typeof Lookup>>`
    select l.id, l.name, l.field, l.version, v.key_column as column, v.columns, v.rows, v.created_at as published_at,
           case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end as author
    from lookup l join lookup_version v on v.lookup_id = l.id and v.version = l.version
    left join person p on p.id = v.author_id
    where l.archived_at is null and ${where} order by lower(l.name)`.execute(db)
  return found
}

/** The fields of the upload, and its table; the file may come before the fields. */
async function receive(request: Request): Promise<{ fields: Map<string, string>; table: Table }> {
  let file: Buffer | undefined
  const fields = await readMultipart(request, 1, async ({ bytes }) => {
    const pieces: Buffer[] = []
    let length = 0
    for await (const piece of bytes) {
      length += piece.length
      if (length > MOST_BYTES) throw new DeskError('too_large', 'The file is larger than 5 MB.')
      pieces.push(piece)
    }
    file = Buffer.concat(pieces)
  })
  if (!file) throw refused('file', 'is missing')
  if (!isUtf8(file) || file.includes(0)) throw refused('file', 'is not text in UTF-8')
  return { fields, table: readTable(file.toString('utf8'), text(fields, 'column', 100)) }
}

function text(fields: Map<string, string>, name: string, most: number): string {
  const value = fields.get(name)?.trim() ?? ''
  if (value === '' || value.length > most) throw refused(name, `needs 1 to ${most} characters`)
  return value
}

const refused = (path: string, message: string) =>
  new DeskError('invalid', 'Some fields are not right.', { errors: [{ path, message }] })

export const lookupRoutes: Resource = (app, { db }) => {
  const one = async (id: string) => found((await readLookups(db, sql`l.id = ${id}`))[0], 'look-up')

  app.openapi(list, async (c) => c.json({ items: await readLookups(db, sql`true`), next: null }, 200))
  app.openapi(get, async (c) => c.json(await one(c.req.valid('param').id), 200))
  app.openapi(rows, async (c) => {
    const { cursor, limit, q } = c.req.valid('query')
    const { id, version } = await one(c.req.valid('param').id)
    const after = cursor ? String(decodeCursor(cursor, 1)[0]) : ''
    const { rows: read } = await sql<z.infer<typeof LookupRow>>`
      select value, labels from lookup_row
      where lookup_id = ${id} and version = ${version} and value > ${after}
        and strpos(value, ${(q ?? '').trim().toLowerCase()}) > 0
      order by value limit ${limit + 1}`.execute(db)
    const items = read.slice(0, limit)
    return c.json({ items, next: read.length > limit ? encodeCursor([items.at(-1)!.value]) : null }, 200)
  })
  app.openapi(create, async (c) => {
    const { fields, table } = await receive(c.req.raw)
    const [name, field] = [text(fields, 'name', 120), text(fields, 'field', 120)]
    const made = await transact(db, actorOf(c.get('reader')), (tx) =>
      createLookup(tx, { name, field, table }),
    )
    return c.json(made, 201)
  })
  app.openapi(replace, async (c) => {
    const { id } = await one(c.req.valid('param').id)
    const { table } = await receive(c.req.raw)
    const made = await transact(db, actorOf(c.get('reader')), (tx) => replaceLookup(tx, id, table))
    return c.json(made, 201)
  })
  rowVerb(app, db, {
    permission: 'rule.edit',
    path: '/lookups/{id}/archive',
    summary: 'Archive a look-up: alerts that come later go without it',
    tags,
    run: archiveLookup,
  })
}
