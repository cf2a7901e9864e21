import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { Histogram, type Registry } from 'prom-client'
import { type Logger, loggableUrl } from './log.ts'

export type RequestVariables = { requestId: string; log: Logger }

/** A request id from outside is kept only when it cannot be mistaken for anything else in a log or header. */
export function acceptedRequestId(given: string | undefined): string {
  return given !== undefined && /^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$/.test(given) ? given : randomUUID()
}

/**
 * Gives each request an id (`X-Request-Id`, echoed), a logger that carries it (`c.var.log`), one log line when
 * answered, and its place in `http_request_duration_seconds`. Probes are not logged.
 */
export function observeRequests(
  log: Logger,
  registry: Registry,
): MiddlewareHandler<{ Variables: RequestVariables }> {
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  return async function observeRequest(c, next) {
    const started = performance.now()
    const requestId = acceptedRequestId(c.req.header('X-Request-Id'))
    c.set('requestId', requestId)
    c.set('log', log.child({ requestId }))
    c.header('X-Request-Id', requestId)
    await next()
    const ms = performance.now() - started
    const { method } = c.req
    const { status } = c.res
    const route = routePath(c, -1)
    seconds.observe({ method, route, status }, ms / 1000)
    if (probes.has(c.req.path)) return
    const line = {
      method,
      url: loggableUrl(c.req.url.replace(/^[a-z]+:\/\/[^/]+/, '')),
      route,
      status,
      ms: Math.round(ms),
    }
    c.var.log[status >= 500 ? 'error' : 'info'](line, 'answered')
  }
}

const probes = new Set(['/healthz', '/readyz', '/metrics'])
