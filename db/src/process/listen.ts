import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'

type App = { fetch: Parameters<typeof getRequestListener>[0] }

export type Listening = {
  server: Server
  url: string
  /** Takes no more connections, lets what is in flight finish for up to `graceMs`, then cuts the rest. */
  close: () => Promise<void>
}

const graceMs = 5_000

/**
 * Serves a Hono app on host and port (0: any free one). Slow senders are cut: headers within 10 s, the whole
 * request within 60 s. `first` may take a request before the app sees it, and then answers it itself.
 */
export async function serveHttp(
  app: App,
  host: string,
  port: number,
  first?: (request: IncomingMessage, response: ServerResponse) => boolean,
): Promise<Listening> {
  const answer = getRequestListener(app.fetch)
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 30_000,
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => {
      if (!first?.(request, response)) void answer(request, response)
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const bound = server.address() as AddressInfo
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return { server, url: `http://${shown}:${bound.port}`, close: () => close(server) }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection whose answer is done stays open for the next request; nobody else would close it.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(cut)
}
