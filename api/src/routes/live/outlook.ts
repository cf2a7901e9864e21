import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  DeskError,
  HORIZON_HOURS,
  type Outlook as DeskOutlook,
  readHeldOdds,
  readNow,
  readOutlook,
  readSettings,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { Instant, route } from '../../route.ts'
import { csvFile, TICKET_COLUMNS, ticketCells } from './csv.ts'
import { either, format, HeldOdds, limit, Outlook, tags, team } from './schema.ts'
import { PAUSE_MS, scopeKey, teamNames } from './scope.ts'
import { shared } from './shared.ts'

const outlook = route('insight.read', {
  method: 'get',
  path: '/live/outlook',
  summary:
    'What is due within hours, with the odds that it breaks its promise, from what became of like tickets',
  tags,
  request: {
    query: z.object({
      hours: z.coerce.number().int().min(1).max(HORIZON_HOURS).default(8),
      team,
      limit,
      format,
    }),
  },
  responses: either(Outlook, 'The most likely to break first'),
})
const held = route('insight.read', {
  method: 'get',
  path: '/live/held-odds',
  summary: 'How well the odds have held: Brier score against the base rate, and reliability',
  tags,
  request: {
    query: z.object({
      from: Instant.optional().openapi({ description: '90 days ago' }),
      to: Instant.optional().openapi({ description: 'now' }),
      target: z.enum(['response', 'resolution']).optional(),
      team,
      format,
    }),
  },
  responses: either(HeldOdds, 'Scores'),
})

const NINETY_DAYS_MS = 90 * 86_400_000

export const outlookRoutes: Resource = (app, { db }) => {
  const share = shared<DeskOutlook>(PAUSE_MS)

  app.openapi(outlook, async (c) => {
    const reader = c.get('reader')
    const { format: as, ...asked } = c.req.valid('query')
    const told = await share(scopeKey(reader, asked), () => readOutlook(db, reader, asked))
    const names = await groupNames(db, told)
    const items = told.items.map(({ like, groups, service: _service, ...one }) => ({
      ...one,
      like: like && names(like),
      groups: groups.map(names),
    }))
    if (as === 'csv') {
      const columns = [...TICKET_COLUMNS, 'target', 'due_at', 'used', 'odds', 'like_broke', 'like_n']
      const rows = items.map((one) => ({
        ...ticketCells(one),
        like_broke: one.like?.broke,
        like_n: one.like?.n,
      }))
      return csvFile(c, 'outlook', columns, rows)
    }
    return c.json({ ...told, items } as unknown as z.infer<typeof Outlook>, 200)
  })

  app.openapi(held, async (c) => {
    const { from, to, format: as, ...asked } = c.req.valid('query')
    const until = to ? new Date(to) : await readNow(db)
    const since = from ? new Date(from) : new Date(+until - NINETY_DAYS_MS)
    if (since >= until)
      throw new DeskError('invalid', 'The period is empty.', {
        errors: [{ path: 'to', message: 'must lie after from' }],
      })
    const zone = (await readSettings(db)).reporting_zone
    const scores = await readHeldOdds(db, c.get('reader'), { ...asked, from: since, to: until, zone })
    if (as === 'csv')
      return csvFile(
        c,
        'held-odds',
        ['from', 'to', 'n', 'foretold', 'happened', 'low', 'high'],
        scores.bins.map((bin) => ({ ...bin })),
      )
    return c.json({ from: since, to: until, ...scores } as unknown as z.infer<typeof HeldOdds>, 200)
  })
}

/** Groups of like tickets are kept by ids; the reader is told names. */
async function groupNames(db: Db, { items }: DeskOutlook) {
  const ids = [
    ...new Set(items.flatMap(({ groups }) => groups.flatMap(({ service_id }) => service_id ?? []))),
  ]
  const { rows } = await sql<{ id: string; name: Record<string, string> }>`
    select id, name from service where id = any(${ids}::uuid[])`.execute(db)
  const services = new Map(rows.map((row) => [row.id, row]))
  const teams = await teamNames(db)
  return ({ team_id, service_id, ...group }: DeskOutlook['items'][number]['groups'][number]) => ({
    ...group,
    team: team_id === null ? null : { id: team_id, name: teams.get(team_id) ?? '' },
    service: service_id === null ? null : (services.get(service_id) ?? null),
  })
}
