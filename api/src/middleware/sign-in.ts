import { clientAddressOf } from '@tocsin/db/process'
import type { Context } from 'hono'
import type { Deps, Env } from '../context.ts'

/** How node-server hands over the connection; absent where a test calls the app without a socket. */
type Connection = { incoming?: { socket?: { remoteAddress?: string } } } | undefined

/**
 * Hands `/api/auth/*` to better-auth, which counts attempts by address. The address is the nearest that is no
 * trusted proxy's; what the caller claims in its own headers counts for nothing.
 */
export function signInDoor({ credentials, config }: Deps): (c: Context<Env>) => Promise<Response> {
  const addressOf = clientAddressOf(config.trustedProxies)
  return async (c) => {
    const remote = (c.env as Connection)?.incoming?.socket?.remoteAddress ?? '0.0.0.0'
    const headers = new Headers(c.req.raw.headers)
    headers.set('x-tocsin-client-ip', addressOf(remote, c.req.header('x-forwarded-for')))
    const body = c.req.method === 'GET' ? undefined : await c.req.arrayBuffer()
    return credentials.handler(new Request(c.req.url, { method: c.req.method, headers, body }))
  }
}
