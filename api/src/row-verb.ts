import type { Db } from '@tocsin/db'
import { actorOf, type Reader, transact, type Tx } from '@tocsin/desk'
import type { App } from './context.ts'
import { Empty, IdParams, json, type Permission, route } from './route.ts'

interface RowVerb {
  permission: Permission
  path: `/${string}/{id}/${string}`
  summary: string
  tags: string[]
  run: (tx: Tx, id: string, reader: Reader) => Promise<unknown>
}

/** A verb that needs no more than the row it is done to, and has nothing to answer but that it is done. */
export function rowVerb(app: App, db: Db, { permission, path, summary, tags, run }: RowVerb): void {
  app.openapi(
    route(permission, {
      method: 'post',
      path,
      summary,
      tags,
      request: { params: IdParams },
      responses: { 200: json(Empty, 'Done') },
    }),
    async (c) => {
      const reader = c.get('reader')
      await transact(db, actorOf(reader), (tx) => run(tx, c.req.valid('param').id, reader))
      return c.json({ ok: true as const }, 200)
    },
  )
}
