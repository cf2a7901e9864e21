import { z } from '@hono/zod-openapi'
import {
  actorOf,
  cancelImport,
  checkImport,
  DeskError,
  ImportMapping,
  importProgress,
  mapImport,
  MOST_BYTES,
  MOST_IMPORT_ROWS,
  readRefused,
  READY_MAPPINGS,
  refusedCsv,
  stageImport,
  type StagedFile,
  startImport,
  transact,
  type Tx,
} from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { readMultipart } from '../../multipart.ts'
import { body, Id, IdParams, json, page, Paging, route, upload } from '../../route.ts'
import { readImport, readImports, readWords } from './read.ts'
import { FileForm, Import, ImportLine, Refused } from './schema.ts'

const tags = ['Imports']
const limits = `CSV, plain or gzipped; UTF-8, UTF-16 or Windows-1252; comma, semicolon, tab or bar: ${MOST_IMPORT_ROWS} rows and ${MOST_BYTES / 1024 / 1024} MB at most. Whether it has a header is seen, unless \`header\` says so.`

const list = route('import.edit', {
  method: 'get',
  path: '/imports',
  summary: 'Imports of history, the newest first',
  tags,
  request: { query: Paging },
  responses: { 200: json(page(ImportLine), 'Imports') },
})
const ready = route('import.edit', {
  method: 'get',
  path: '/imports/mappings',
  summary: 'Ready mappings for the exports of other desks, to begin with',
  tags,
  request: {},
  responses: {
    200: json(
      z.object({ items: z.array(z.object({ name: z.string(), mapping: ImportMapping })) }),
      'Mappings',
    ),
  },
})
const get = route('import.edit', {
  method: 'get',
  path: '/imports/{id}',
  summary: 'One import: its columns, mapping, progress and report',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Import, 'The import') },
})
const words = route('import.edit', {
  method: 'get',
  path: '/imports/{id}/words',
  summary: 'The words that a column of the file holds, the most frequent first',
  tags,
  request: { params: IdParams, query: z.object({ column: z.string().max(200) }) },
  responses: {
    200: json(z.object({ items: z.array(z.object({ value: z.string(), count: z.number() })) }), 'Words'),
  },
})
const create = route('import.edit', {
  method: 'post',
  path: '/imports',
  summary: 'Upload a file of tickets or of their updates, as multipart/form-data. Nothing is imported yet',
  description: limits,
  ...upload(1),
  tags,
  request: { query: z.object({ header: z.enum(['first-line', 'none']).optional() }) },
  responses: {
    201: json(
      z.object({
        id: Id,
        columns: z.array(z.string()),
        rows: z.number(),
        broken: z.number(),
        form: FileForm,
      }),
      'Kept',
    ),
  },
})
const map = route('import.edit', {
  method: 'put',
  path: '/imports/{id}/mapping',
  summary: 'Say what the columns mean',
  tags,
  request: { params: IdParams, body: body(ImportMapping) },
  responses: { 200: json(Import, 'The import') },
})
const verb = (name: string, summary: string) =>
  route('import.edit', {
    method: 'post',
    path: `/imports/{id}/${name}` as const,
    summary,
    tags,
    request: { params: IdParams },
    responses: { 200: json(Import, 'The import') },
  })
const check = verb('check', 'Try the mapping on the whole file, in the background; nothing is imported')
const start = verb(
  'start',
  'Import what was checked, in the background; what an earlier import brought stays as it is',
)
const cancel = verb('cancel', 'End an import; what it has brought so far stays')
const refused = route('import.edit', {
  method: 'get',
  path: '/imports/{id}/refused',
  summary:
    'The rows that were handed back, each with its reason; `format=csv` to mend them and import them again',
  tags,
  request: {
    params: IdParams,
    query: Paging.extend({ format: z.enum(['json', 'csv']).default('json') }),
  },
  responses: {
    200: {
      description: 'Rows',
      content: { 'application/json': { schema: page(Refused) }, 'text/csv': { schema: z.string() } },
    },
  },
})

export const importRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { cursor, limit } = c.req.valid('query')
    const before = cursor ? Id.parse(decodeCursor(cursor, 1)[0]) : undefined
    const read = await readImports(db, { before, limit: limit + 1 })
    const items = read.slice(0, limit)
    return c.json({ items, next: read.length > limit ? encodeCursor([items.at(-1)!.id]) : null }, 200)
  })
  app.openapi(ready, (c) => {
    const items = Object.entries(READY_MAPPINGS).map(([name, mapping]) => ({ name, mapping }))
    return c.json({ items }, 200)
  })
  app.openapi(get, async (c) => c.json(await readImport(db, c.req.valid('param').id), 200))
  app.openapi(words, async (c) => {
    const items = await readWords(db, c.req.valid('param').id, c.req.valid('query').column)
    return c.json({ items }, 200)
  })
  app.openapi(create, async (c) => {
    const { header } = c.req.valid('query')
    let staged: StagedFile | undefined
    await readMultipart(c.req.raw, 1, async (file) => {
      staged = await stageImport(db, actorOf(c.get('reader')), {
        ...file,
        header: header && header === 'first-line',
      })
    })
    if (!staged)
      throw new DeskError('invalid', 'There is no file in the request.', {
        errors: [{ path: 'file', message: 'is missing' }],
      })
    return c.json(staged, 201)
  })
  app.openapi(map, async (c) => {
    const { id } = c.req.valid('param')
    await transact(db, actorOf(c.get('reader')), (tx) => mapImport(tx, id, c.req.valid('json')))
    return c.json(await readImport(db, id), 200)
  })
  const verbs: [typeof check, (tx: Tx, id: string) => Promise<void>][] = [
    [check, checkImport],
    [start, startImport],
    [cancel, cancelImport],
  ]
  for (const [declared, run] of verbs)
    app.openapi(declared, async (c) => {
      const { id } = c.req.valid('param')
      await transact(db, actorOf(c.get('reader')), (tx) => run(tx, id))
      return c.json(await readImport(db, id), 200)
    })
  app.openapi(refused, async (c) => {
    const { id } = c.req.valid('param')
    const { cursor, limit, format } = c.req.valid('query')
    const { name } = await importProgress(db, id)
    if (format === 'csv') {
      const file = `${name.replace(/\.(csv|gz)/g, '').replace(/[^\w.-]/g, '_')}-refused.csv`
      return c.body(ReadableStream.from(refusedCsv(db, id)).pipeThrough(new TextEncoderStream()), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${file}"`,
      })
    }
    const after = cursor ? Number(decodeCursor(cursor, 1)[0]) : 0
    const read = await readRefused(db, id, { after, limit: limit + 1 })
    const items = read.slice(0, limit)
    return c.json({ items, next: read.length > limit ? encodeCursor([items.at(-1)!.line]) : null }, 200)
  })
}
