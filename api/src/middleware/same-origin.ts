import { DeskError } from '@tocsin/desk'
import type { MiddlewareHandler } from 'hono'
import type { Env } from '../context.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Refuses changes that another site's page asks a browser for. Programs with a key send no Origin. */
export const sameOrigin = (publicUrl: string): MiddlewareHandler<Env> => {
  const own = new URL(publicUrl).origin
  return async function refuseForeignOrigin(c, next) {
    const origin = c.req.header('origin')
    const site = c.req.header('sec-fetch-site')
    const foreign =
      (origin !== undefined && origin !== own && !isOwnHost(origin, c.req.header('x-forwarded-host'))) ||
      site === 'cross-site'
    if (!SAFE.has(c.req.method) && foreign && !c.req.header('authorization'))
      throw new DeskError('forbidden', 'This request came from another site.')
    await next()
  }
}

// The pages may be reached by another name than TOCSIN_PUBLIC_URL (localhost beside 127.0.0.1): the host that
// the browser asked for is as good, since no foreign page can set it.
function isOwnHost(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host
}
