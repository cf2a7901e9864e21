import { z } from '@hono/zod-openapi'
import { acknowledgeWithAlerts, lockWithAlerts, readLink, transact, useLink } from '@tocsin/desk'
import type { Resource } from '../context.ts'
import { json, route } from '../route.ts'

const LinkedTicket = z
  .object({ number: z.string(), title: z.string(), state: z.string(), priority: z.string() })
  .openapi('LinkedTicket')
const params = z.object({ token: z.string().min(1).max(200) })

const tags = ['On call']
const look = route('public', {
  method: 'get',
  path: '/acknowledge/{token}',
  summary: 'What an acknowledgement link stands for; looking changes nothing. 410 once used or old',
  tags,
  request: { params },
  responses: { 200: json(LinkedTicket, 'The ticket') },
})
const use = route('public', {
  method: 'post',
  path: '/acknowledge/{token}',
  summary: 'Acknowledge as the person the link was sent to, once. 410 after that',
  tags,
  request: { params },
  responses: { 200: json(LinkedTicket, 'Acknowledged') },
})

/** The link in a page's mail. Mail scanners follow links, so only the POST does anything. */
export const acknowledgeLinkRoutes: Resource = (app, { db }) => {
  app.openapi(look, async (c) => {
    const { ticket } = await readLink(db, c.req.valid('param').token)
    return c.json(shown(ticket), 200)
  })
  app.openapi(use, async (c) => {
    const { token } = c.req.valid('param')
    const { ticket, personId } = await readLink(db, token)
    const acknowledged = await transact(
      db,
      { kind: 'person', id: personId },
      async (tx) => {
        await useLink(tx, token)
        return acknowledgeWithAlerts(tx, {
          id: ticket.id,
          cause: { kind: 'acknowledge_link', id: ticket.id },
        })
      },
      (trx) => lockWithAlerts(trx, ticket.id),
    )
    return c.json(shown(acknowledged), 200)
  })
}

const shown = ({ number, title, state, priority }: z.infer<typeof LinkedTicket>) => ({
  number,
  title,
  state,
  priority,
})
