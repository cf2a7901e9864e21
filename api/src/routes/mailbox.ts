import { z } from '@hono/zod-openapi'
import { found } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { Id, IdParams, Instant, json, page, Paging, route } from '../route.ts'

const MailLine = z
  .object({
    id: Id,
    at: Instant,
    recipient: z.string(),
    subject: z.string(),
    ticket: z.string().nullable().openapi({ description: 'its number, where the mail is about one ticket' }),
  })
  .openapi('MailLine')
const Mail = MailLine.extend({
  message_id: z.string(),
  text: z.string(),
  html: z.string().nullable().openapi({ description: 'show it in a sandboxed frame' }),
}).openapi('Mail')

const tags = ['Mailbox']
const list = route('mail.read', {
  method: 'get',
  path: '/mailbox',
  summary: 'Mail that stayed here because no SMTP server is configured, newest first',
  tags,
  request: { query: Paging.extend({ q: z.string().max(200).optional() }) },
  responses: { 200: json(page(MailLine), 'Mails') },
})
const get = route('mail.read', {
  method: 'get',
  path: '/mailbox/{id}',
  summary: 'One mail',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Mail, 'The mail') },
})

export const mailboxRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { cursor, limit, q } = c.req.valid('query')
    const [at, id] = cursor ? decodeCursor(cursor, 2) : []
    const { rows } = await sql<z.infer<typeof MailLine>>`
      select m.id, m.at, m.recipient, m.subject, t.number as ticket
      from local_mail m left join ticket t on t.id = m.ticket_id
      where ${cursor ? sql`(m.at, m.id) < (${at}::timestamptz(3), ${id}::uuid)` : sql`true`}
        and ${q ? sql`position(fold_text(${q}) in fold_text(m.recipient || ' ' || m.subject)) > 0` : sql`true`}
      order by m.at desc, m.id desc limit ${limit + 1}`.execute(db)
    const items = rows.slice(0, limit)
    const last = rows.length > limit ? items.at(-1) : undefined
    return c.json({ items, next: last ? encodeCursor([isoOf(last.at), last.id]) : null }, 200)
  })
  app.openapi(get, async (c) => {
    const { rows } = await sql<z.infer<typeof Mail>>`
      select m.id, m.at, m.recipient, m.subject, t.number as ticket, m.message_id, m.body_text as text, m.body_html as html
      from local_mail m left join ticket t on t.id = m.ticket_id where m.id = ${c.req.valid('param').id}`.execute(
      db,
    )
    return c.json(found(rows[0], 'mail'), 200)
  })
}

const isoOf = (instant: string) => new Date(instant).toISOString()
