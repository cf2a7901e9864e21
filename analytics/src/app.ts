import { timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { type Logger, observeRequests, type RequestVariables } from '@tocsin/db/process'
import type { Registry } from 'prom-client'
import { answer, Asked } from './answer.ts'
import type { Keeper } from './keeper.ts'
import { FILTERS, type Kpi, KPIS } from './kpi/index.ts'
import type { Pipe } from './pipe/pipe.ts'
import type { Store } from './store/store.ts'

interface Parts {
  /** The connection for questions, apart from the pipe's. */
  store: Store
  pipe: Pipe
  keeper: Pick<Keeper, 'equalAt' | 'last' | 'reconcileNow'>
  token: string
  log: Logger
  registry: Registry
}

/** The door for the api alone, over loopback or the private network, behind the internal token. */
export function createApp({ store, pipe, keeper, token, log, registry }: Parts) {
  const app = new Hono<{ Variables: RequestVariables }>()
  app.use(observeRequests(log, registry))
  app.use(async function ours(c, next) {
    if (!isToken(c.req.header('authorization'), token)) return c.json({ message: 'Not for you.' }, 401)
    return next()
  })
  app.onError((error, c) => {
    if (error instanceof RangeError) return c.json({ message: error.message }, 400)
    c.get('log').warn({ err: error }, 'a figure cannot be told')
    const known = pipe.copied()?.asOf.toISOString()
    const upTo = known ? ` What they hold goes up to ${known}; nothing is lost.` : ''
    return c.json({ message: `The figures cannot be read just now.${upTo}`, as_of: known ?? null }, 503)
  })

  app.get('/kpis', (c) => c.json({ items: KPIS.map(describe) }))
  app.post('/kpis/:name', async (c) => {
    const kpi = KPIS.find((each) => each.name === c.req.param('name'))
    if (!kpi) return c.json({ message: 'There is no such figure.' }, 404)
    const asked = Asked.safeParse(await c.req.json())
    if (!asked.success)
      return c.json(
        {
          message: 'The question is not right.',
          errors: asked.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
        },
        422,
      )
    const copied = pipe.copied()
    if (!copied)
      return c.json(
        { message: 'The figures are being built from the record. Come back in a moment.', as_of: null },
        503,
      )
    const told = await answer(store, kpi, asked.data, copied.asOf)
    return c.json({
      ...told,
      as_of: copied.asOf.toISOString(),
      reconciled_at: keeper.equalAt()?.toISOString() ?? null,
    })
  })

  app.get('/reconciliation', (c) => c.json(standing(pipe, keeper)))
  app.post('/reconcile', async (c) => {
    await keeper.reconcileNow()
    return c.json(standing(pipe, keeper))
  })
  app.post('/rebuild', async (c) => c.json({ rows: await pipe.rebuild() }))
  return app
}

const describe = (kpi: Kpi) => ({
  name: kpi.name,
  title: kpi.title,
  definition: kpi.definition,
  unit: kpi.unit,
  by: [...new Set(kpi.dimensions)],
  filters: FILTERS.filter((name) => kpi.filters.includes(name)),
})

function standing(pipe: Pipe, keeper: Parts['keeper']) {
  const last = keeper.last()
  return {
    as_of: pipe.copied()?.asOf.toISOString() ?? null,
    reconciled_at: keeper.equalAt()?.toISOString() ?? null,
    last: last && {
      at: last.reconciled_at.toISOString(),
      checks: last.checks,
      took_ms: last.took_ms,
      differences: last.differences,
    },
  }
}

function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const expected = Buffer.from(`Bearer ${token}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
