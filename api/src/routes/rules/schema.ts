import { z } from '@hono/zod-openapi'
import { Beside, Rule } from '@tocsin/desk'
import { Id, Instant } from '../../route.ts'

export const Author = z.object({ id: Id, name: z.string() }).nullable()

export const RuleUse = z
  .object({
    /** Its id, or `default`. */
    rule: z.string(),
    opened: z.number(),
    joined: z.number(),
    detached: z.number().openapi({ description: 'alerts that people took out of where it had put them' }),
    declined: z.number().openapi({ description: 'tickets that it proposed and people did not want' }),
    merged: z.number().openapi({ description: 'tickets that it opened and people merged into another' }),
  })
  .openapi('RuleUse')

export const Version = z
  .object({
    version: z.number(),
    note: z.string().nullable(),
    author: Author,
    published_at: Instant.nullable().openapi({ description: 'null: the first, which nobody published' }),
    rules: z.number(),
  })
  .openapi('RulesetVersion')

export const Ruleset = z
  .object({
    version: z.number(),
    rules: z.array(Rule),
    beside: Beside,
    note: z.string().nullable(),
    author: Author,
    published_at: Instant.nullable(),
  })
  .openapi('Ruleset')

export const Note = z.string().trim().max(500).optional()

export const VersionParams = z.object({ version: z.coerce.number().int().min(1).max(2_147_483_647) })
