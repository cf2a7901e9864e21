import { z } from '@hono/zod-openapi'
import { checkMailRules, DeskError, MAIL_RULES, MailRule } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Id, IdParams, Instant, json, route } from '../../route.ts'
import { askDoor } from './ask-door.ts'
import { demandIntegration } from './visible.ts'

// As many as the door takes in one question, each cut: a rule looks at the beginning of a mail.
const MAILS = 12
const MAIL_BYTES = 200_000
const SHOWN = 600

const Meaning = z.object({
  means: MailRule.shape.means,
  title: z.string().nullable(),
  dedup_key: z.string(),
  severity: z.string().nullable(),
  rule: z.number().nullable().openapi({ description: 'counted from 1; null: none fits' }),
})
const Previewed = z
  .object({
    items: z.array(
      z.object({
        receipt_id: Id,
        received_at: Instant,
        from: z.string(),
        subject: z.string(),
        text: z.string().openapi({ description: 'its beginning' }),
        refused: z.string().nullable().openapi({ description: 'why it cannot be read at all' }),
        never_pages: z.string().nullable().openapi({ description: 'a bounce, an automatic answer, our own' }),
        meaning: Meaning.nullable(),
      }),
    ),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
  })
  .openapi('MailRulesPreview')

const preview = route('integration.read', {
  method: 'post',
  path: '/integrations/{id}/mail-rules/preview',
  summary: 'What rules make of the last mails received, touching nothing',
  tags: ['Integrations'],
  request: {
    params: IdParams,
    body: body(z.strictObject({ mail_rules: z.array(MailRule).max(MAIL_RULES) })),
  },
  responses: { 200: json(Previewed, 'Each mail and what it would mean; patterns that cannot be used') },
})

interface Read {
  mail: { from: string; subject: string; text: string; loops: string | null } | null
  refused: string | null
  meaning: {
    means: MailRule['means']
    title: string | null
    dedupKey: string
    severity: string | null
    rule: number | null
  } | null
}

export const mailRuleRoutes: Resource = (app, { db, config }) => {
  app.openapi(preview, async (c) => {
    const { id } = c.req.valid('param')
    const { mail_rules } = c.req.valid('json')
    const { system } = await demandIntegration(db, c.get('reader'), id)
    if (system !== 'email') throw new DeskError('conflict', 'Only mails are read by mail rules.')
    const errors = wrongIn(mail_rules)
    if (errors.length > 0) return c.json({ items: [], errors }, 200)
    const { rows } = await sql<{ id: string; received_at: Date; content_type: string | null; body: Buffer }>`
      select id, received_at, content_type, substring(body for ${MAIL_BYTES}) as body from receipt
      where integration_id = ${id} order by id desc limit ${MAILS}`.execute(db)
    const read = await askDoor<Read[]>(config, '/internal/mails', {
      rules: mail_rules,
      mails: rows.map((row) => ({ content_type: row.content_type, body: row.body.toString('base64') })),
    })
    const items = rows.map(({ id: receipt_id, received_at }, index) => {
      const { mail, refused, meaning } = read[index]!
      return {
        receipt_id,
        received_at: received_at.toISOString(),
        from: mail?.from ?? '',
        subject: mail?.subject ?? '',
        text: mail?.text.slice(0, SHOWN) ?? '',
        refused,
        never_pages: mail?.loops ?? null,
        meaning: meaning && {
          means: meaning.means,
          title: meaning.title,
          dedup_key: meaning.dedupKey,
          severity: meaning.severity,
          rule: meaning.rule,
        },
      }
    })
    return c.json({ items, errors }, 200)
  })
}

/** A pattern that is still being written is no failure of the preview. */
function wrongIn(rules: MailRule[]): { path: string; message: string }[] {
  try {
    checkMailRules(rules)
    return []
  } catch (error) {
    const errors = error instanceof DeskError ? error.details?.errors : undefined
    if (!errors) throw error
    return errors
  }
}
