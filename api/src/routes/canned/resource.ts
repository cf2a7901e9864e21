import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveCanned,
  type CannedKind,
  cannedVisible,
  checkDoes,
  createCanned,
  DeskError,
  type Does,
  editCanned,
  found,
  transact,
} from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { body, Empty, Id, IdParams, json, page, Paging, route, WithArchived } from '../../route.ts'
import { rowVerb } from '../../row-verb.ts'
import { CANNED_COLUMNS, CannedReply, Macro, MacroTerms, ReplyTerms, shareAsked } from './schema.ts'

const Query = Paging.extend(WithArchived.shape).extend({
  q: z.string().max(100).optional().openapi({ description: 'words of its title or text' }),
})

interface Declared {
  kind: CannedKind
  path: `/${string}`
  tag: string
  /** As the summaries name one, and many. */
  one: string
  many: string
}

/** What can be prepared: kept, found, changed and taken out of use. Each works alike, with its own content. */
const resource =
  ({ kind, path, tag, one, many }: Declared): Resource =>
  (app, { db }) => {
    const [Shown, Terms] = kind === 'reply' ? [CannedReply, ReplyTerms] : [Macro, MacroTerms]
    const tags = [tag]
    const list = route('ticket.answer', {
      method: 'get',
      path,
      summary: `${many} that I may use: mine, my teams’, everybody’s`,
      tags,
      request: { query: Query },
      responses: { 200: json(page(Shown as typeof CannedReply), many) },
    })
    const get = route('ticket.answer', {
      method: 'get',
      path: `${path}/{id}` as const,
      summary: `One ${one}`,
      tags,
      request: { params: IdParams },
      responses: { 200: json(Shown as typeof CannedReply, one) },
    })
    const create = route('ticket.answer', {
      method: 'post',
      path,
      summary: `Prepare a ${one}: for oneself, for a team that one works in, as an administrator for everybody`,
      tags,
      request: { body: body(Terms as unknown as typeof AnyTerms) },
      responses: { 201: json(z.object({ id: Id }), 'Prepared') },
    })
    const edit = route('ticket.answer', {
      method: 'patch',
      path: `${path}/{id}` as const,
      summary: `Change a ${one}`,
      tags,
      request: {
        params: IdParams,
        body: body(
          Terms.partial().extend({ seen_revision: z.number().int().optional() }) as unknown as typeof AnyEdit,
        ),
      },
      responses: { 200: json(Empty, 'Changed') },
    })

    app.openapi(list, async (c) => {
      const { q = '', archived, cursor, limit } = c.req.valid('query')
      const [title, id] = cursor ? decodeCursor(cursor, 2) : []
      const { rows } = await sql<z.infer<typeof CannedReply>>`
        select ${CANNED_COLUMNS(c.get('reader'))} from canned k
        where k.kind = ${kind} and ${cannedVisible(c.get('reader'))} and (${archived === 'true'} or k.archived_at is null)
          and ${worded(q)} and ${cursor ? sql<boolean>`(lower(k.title), k.id) > (${title}, ${id}::uuid)` : sql`true`}
        order by lower(k.title), k.id limit ${limit + 1}`.execute(db)
      const last = rows.length > limit ? rows[limit - 1] : undefined
      return c.json(
        {
          items: rows.slice(0, limit),
          next: last ? encodeCursor([last.title.toLowerCase(), last.id]) : null,
        },
        200,
      )
    })
    app.openapi(get, async (c) => {
      const { rows } = await sql<z.infer<typeof CannedReply>>`
        select ${CANNED_COLUMNS(c.get('reader'))} from canned k
        where k.id = ${c.req.valid('param').id} and k.kind = ${kind} and ${cannedVisible(c.get('reader'))}`.execute(
        db,
      )
      return c.json(found(rows[0], one), 200)
    })
    app.openapi(create, async (c) => {
      const reader = c.get('reader')
      const { title, scope, team_id, body: text, does } = c.req.valid('json')
      const share = shareAsked({ scope, team_id })!
      demandTeamNamed(share)
      const id = await transact(db, actorOf(reader), async (tx) => {
        if (does) await checkDoes(tx, does)
        return createCanned(tx, reader, kind, { title, share, body: text, does })
      })
      return c.json({ id }, 201)
    })
    app.openapi(edit, async (c) => {
      const reader = c.get('reader')
      const { scope, team_id, seen_revision, title, body: text, does } = c.req.valid('json')
      const share = shareAsked({ scope, team_id })
      if (share) demandTeamNamed(share)
      await transact(db, actorOf(reader), async (tx) => {
        if (does) await checkDoes(tx, does)
        const input = {
          id: c.req.valid('param').id,
          seenRevision: seen_revision,
          title,
          share,
          body: text,
          does,
        }
        await editCanned(tx, reader, kind, input)
      })
      return c.json({ ok: true as const }, 200)
    })
    for (const [verb, on, summary] of [
      ['archive', true, `Take a ${one} out of what is offered`],
      ['restore', false, `Bring an archived ${one} back`],
    ] as const)
      rowVerb(app, db, {
        permission: 'ticket.answer',
        path: `${path}/{id}/${verb}`,
        summary,
        tags,
        run: (tx, id, reader) => archiveCanned(tx, reader, kind, { id, on }),
      })
  }

// Either kind's content; which of them a route takes, its schema says.
const AnyTerms = z.object({
  title: z.string(),
  scope: z.string(),
  team_id: z.string().nullable().optional(),
  body: z.string().optional(),
  does: z.custom<Does>().optional(),
})
const AnyEdit = AnyTerms.partial().extend({ seen_revision: z.number().optional() })

/** Every word stands in its title or its text. */
function worded(q: string): RawBuilder<boolean> {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8)
  return sql<boolean>`not exists (select from unnest(${words}::text[]) w where strpos(lower(k.title || ' ' || k.body), w) = 0)`
}

function demandTeamNamed(share: { scope: string; teamId?: string }): void {
  if (share.scope === 'team' && !share.teamId)
    throw new DeskError('invalid', 'Say whose team.', {
      errors: [{ path: 'team_id', message: 'is required' }],
    })
}

export const cannedReplyResource = resource({
  kind: 'reply',
  path: '/canned-replies',
  tag: 'Canned replies',
  one: 'canned reply',
  many: 'Canned replies',
})
export const macroResource = resource({
  kind: 'macro',
  path: '/macros',
  tag: 'Macros',
  one: 'macro',
  many: 'Macros',
})
