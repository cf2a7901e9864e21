import { Hono } from 'hono'
import { collectDefaultMetrics, type Registry } from 'prom-client'

/** Rejects, or throws, with the reason why the process cannot serve now. */
export type Check = (signal: AbortSignal) => unknown

type Outcome = { ok: boolean; ms: number; reason?: string }

// A probe that waits longer is answered as a failure; orchestrators give up at about this time too.
const checkDeadlineMs = 1_500

/**
 * `/healthz` (the process lives), `/readyz` (each named check passes, 503 otherwise) and `/metrics`.
 * Mount it first: `app.route('/', health({ name: 'api', checks: { database }, registry }))`.
 */
export function health(options: { name: string; checks: Record<string, Check>; registry: Registry }): Hono {
  const { name, checks, registry } = options
  registry.setDefaultLabels({ process: name })
  // The usual 10 ms would wake an idle process a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  return new Hono()
    .get('/healthz', (c) => c.json({ name, status: 'ok' }))
    .get('/readyz', async (c) => {
      const entries = Object.entries(checks).map(
        async ([key, check]) => [key, await outcomeOf(check)] as const,
      )
      const outcomes = Object.fromEntries(await Promise.all(entries))
      const ready = Object.values(outcomes).every((outcome) => outcome.ok)
      return c.json({ name, ready, checks: outcomes }, ready ? 200 : 503)
    })
    .get('/metrics', async (c) =>
      c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType }),
    )
}

async function outcomeOf(check: Check): Promise<Outcome> {
  const started = performance.now()
  const signal = AbortSignal.timeout(checkDeadlineMs)
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${checkDeadlineMs} ms`)))
  })
  try {
    await Promise.race([Promise.resolve(signal).then(check), late])
    return { ok: true, ms: Math.round(performance.now() - started) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'failed'
    return { ok: false, ms: Math.round(performance.now() - started), reason }
  }
}
