import { Hono } from 'hono'
import { askerOf, type Doorkeeper } from './asker.ts'

/**
 * The handshake of CloudEvents' webhooks: a sender asks whether it may deliver here, and how fast (requests a
 * minute), before it sends anything. Who has the key may. Azure Event Grid and its like insist on it.
 */
export function cloudeventsDoor(doorkeeper: Doorkeeper): Hono {
  const app = new Hono()
  app.on('OPTIONS', '/', async (c) => {
    const sender = await askerOf(doorkeeper, c, ['cloudevents'])
    if (sender === 'unknown') return c.body(null, 401)
    if (sender === 'limited') return c.body(null, 429)
    c.header('Allow', 'POST, OPTIONS')
    const origin = c.req.header('webhook-request-origin')
    if (origin === undefined) return c.body(null, 204)
    c.header('WebHook-Allowed-Origin', origin)
    c.header('WebHook-Allowed-Rate', String(sender.rate * 60))
    return c.body(null, 200)
  })
  return app
}
