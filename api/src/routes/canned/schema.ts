import { z } from '@hono/zod-openapi'
import { Does, type Reader, scopeOf, type Share, teamsWith } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import { Id, Instant } from '../../route.ts'

const Scope = z.enum(['own', 'team', 'all'])
const Title = z.string().trim().min(1).max(200)
const Words = z.string().trim().min(1).max(20_000)

/** As it is shown, whichever it is. */
const Shown = z.object({
  id: Id,
  title: z.string(),
  scope: Scope.openapi({ description: 'whose it is: mine, a team’s, or everybody’s at the desk' }),
  team: z.object({ id: Id, name: z.string() }).nullable(),
  archived: z.boolean(),
  may_edit: z.boolean(),
  created_at: Instant,
  revision: z.number(),
})
export const CannedReply = Shown.extend({
  body: z.string().openapi({ description: 'with variables such as {{ticket.number}}' }),
}).openapi('CannedReply')
export const Macro = Shown.extend({ does: Does }).openapi('Macro')

const Terms = z.strictObject({ title: Title, scope: Scope, team_id: Id.nullable().optional() })
export const ReplyTerms = Terms.extend({ body: Words })
export const MacroTerms = Terms.extend({ does: Does })

/** Whose it is to be, as asked for; undefined: it stays. */
export function shareAsked(given: { scope?: string; team_id?: string | null }): Share | undefined {
  if (given.scope === undefined) return undefined
  if (given.scope === 'team') return { scope: 'team', teamId: given.team_id ?? '' }
  return { scope: given.scope === 'own' ? 'own' : 'all' }
}

/** Over `canned k`. */
export const CANNED_COLUMNS = (reader: Reader): RawBuilder<unknown> => sql`
  k.id, k.title, k.body, k.does, k.created_at, k.revision, k.archived_at is not null as archived,
  case when k.owner_id is not null then 'own' when k.team_id is not null then 'team' else 'all' end as scope,
  (select jsonb_build_object('id', m.id, 'name', m.name) from team m where m.id = k.team_id) as team,
  ${mayEdit(reader)} as may_edit`

const mayEdit = (reader: Reader): RawBuilder<boolean> =>
  sql<boolean>`(k.owner_id is not null
    or (k.team_id is null and ${scopeOf(reader, 'catalogue.edit') === 'all'})
    or k.team_id is not null and (${scopeOf(reader, 'ticket.work') === 'all'}
      or k.team_id = any(${teamsWith(reader, 'ticket.work')}::uuid[])))`
