import type { Db } from '@tocsin/db'
import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Sender } from '../authenticate.ts'
import { askerOf, type Doorkeeper } from './asker.ts'
import { type Found, findAlerts, findRequest, type Search } from './opsgenie-alerts.ts'

const LIMIT = 100

/**
 * The reading half of Opsgenie's Alert API: one alert, lists, counts, and what became of a request. An
 * integration sees its own alerts alone.
 */
export function opsgenieDoor(db: Db, doorkeeper: Doorkeeper): Hono {
  const app = new Hono()
  const answer = (c: Context, status: ContentfulStatusCode, body: Record<string, unknown>) =>
    c.json({ ...body, took: 0.001, requestId: crypto.randomUUID() }, status)
  const asked =
    (reply: (c: Context, sender: Sender) => Promise<Response>) =>
    async (c: Context): Promise<Response> => {
      const sender = await askerOf(doorkeeper, c, ['opsgenie_api'])
      if (sender === 'unknown') return answer(c, 401, { message: 'Could not authenticate' })
      if (sender === 'limited')
        return answer(c, 429, { message: 'You are making too many requests! Please retry later.' })
      return reply(c, sender)
    }

  app.get(
    '/v2/alerts',
    asked(async (c, { integrationId }) => {
      const search = searchOf(c.req.query('query') ?? '')
      if (!search) return answer(c, 422, { message: 'Query is not understood.' })
      const limit = wholeNumber(c.req.query('limit'), 20)
      const offset = wholeNumber(c.req.query('offset'), 0)
      if (limit === undefined || limit < 1 || limit > LIMIT || offset === undefined)
        return answer(c, 422, { message: `Limit should be between 1 and ${LIMIT}.` })
      const oldestFirst = c.req.query('order') === 'asc'
      const alerts = await findAlerts(db, integrationId, { search, limit, offset, oldestFirst })
      return answer(c, 200, { data: alerts.map(listed) })
    }),
  )
  app.get(
    '/v2/alerts/count',
    asked(async (c, { integrationId }) => {
      const search = searchOf(c.req.query('query') ?? '')
      if (!search) return answer(c, 422, { message: 'Query is not understood.' })
      const alerts = await findAlerts(db, integrationId, { search, countOnly: true })
      return answer(c, 200, { data: { count: alerts.length === 0 ? 0 : Number(alerts[0]!.total) } })
    }),
  )
  app.get(
    '/v2/alerts/requests/:id',
    asked(async (c, { integrationId }) => {
      const request = await findRequest(db, integrationId, c.req.param('id') ?? '')
      if (!request) return answer(c, 404, { message: 'Request not found. It might not be processed, yet.' })
      return answer(c, 200, { data: request })
    }),
  )
  app.get(
    '/v2/alerts/:identifier',
    asked(async (c, { integrationId }) => {
      const identifier = c.req.param('identifier') ?? ''
      const by = identifierType(c.req.query('identifierType'))
      if (!by) return answer(c, 422, { message: 'Identifier type should be one of [id, tiny, alias].' })
      const [alert] = await findAlerts(db, integrationId, { search: { [by]: identifier }, limit: 1 })
      if (!alert) return answer(c, 404, { message: `Alert with ${by} [${identifier}] does not exist` })
      return answer(c, 200, { data: inFull(alert) })
    }),
  )
  return app
}

export const identifierType = (given = 'id'): 'id' | 'tiny' | 'alias' | undefined =>
  (['id', 'tiny', 'alias'] as const).find((type) => type === given)

const wholeNumber = (given: string | undefined, usual: number): number | undefined =>
  given === undefined ? usual : /^\d{1,6}$/.test(given) ? Number(given) : undefined

/** `status: open AND alias: web-1`: the fields of Opsgenie's query language that stand for facts of ours. */
function searchOf(query: string): Search | undefined {
  const search: Search = {}
  for (const term of query.split(/\s+and\s+/i)) {
    if (term.trim() === '') continue
    const [, field = '', quoted, word = ''] = /^\s*(\w+)\s*[:=]\s*(?:"([^"]*)"|(\S+))\s*$/.exec(term) ?? []
    const value = quoted ?? word
    if (field === 'status' && (value === 'open' || value === 'closed')) search.status = value
    else if (field === 'alias' || field === 'message' || field === 'entity') search[field] = value
    else if (field === 'acknowledged') search.acknowledged = value === 'true'
    else if (field === 'priority' && /^P[1-5]$/i.test(value)) search.priority = value.toUpperCase()
    else return undefined
  }
  return search
}

const listed = ({ entity: _e, description: _d, details: _s, total: _t, ...alert }: Found) => alert
const inFull = ({ total: _t, ...alert }: Found) => ({ ...alert, actions: [] })

/** The key of the alert that a sender names by our id, or by the short number made of it. */
export async function keyOfNamed(
  db: Db,
  integrationId: string,
  { by, value }: { by: 'id' | 'tiny'; value: string },
): Promise<string | undefined> {
  const [alert] = await findAlerts(db, integrationId, { search: { [by]: value }, limit: 1 })
  return alert?.alias
}
