import { loadReader, readerOfKey } from '@tocsin/desk'
import type { MiddlewareHandler } from 'hono'
import type { Deps, Env } from '../context.ts'

/** Says who asks: an API key's owner, or the person of a session. Without either, the route's gate decides. */
export const identify = ({ db, credentials }: Deps): MiddlewareHandler<Env> =>
  async function identifyReader(c, next) {
    const bearer = /^Bearer (\S{8,200})$/i.exec(c.req.header('authorization') ?? '')?.[1]
    if (bearer) {
      const reader = await readerOfKey(db, bearer)
      if (reader) c.set('reader', reader)
    } else if (c.req.header('cookie')?.includes('tocsin.session_token')) {
      const session = await credentials.api.getSession({ headers: c.req.raw.headers })
      const reader = session && (await loadReader(db, { authUserId: session.user.id }))
      if (reader) c.set('reader', reader)
    }
    await next()
  }
