import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  actorOf,
  AGES,
  analyticsScope,
  demandAssigning,
  demandInTeam,
  HORIZON_HOURS,
  type Outlook as DeskOutlook,
  type OpenNow,
  readBoard,
  readHeldOdds,
  readNow,
  readOpen,
  readOutlook,
  readSettings,
  readStalled,
  type Reader,
  setStalledAfter,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Empty, Id, IdParams, Instant, json, route } from '../../route.ts'
import { csvFile } from './csv.ts'
import { Board, format, HeldOdds, Open, Outlook, Stalled } from './schema.ts'
import { shared } from './shared.ts'

const tags = ['Live view']
const PAUSE_MS = 500
const team = Id.optional().openapi({ description: 'of this team only' })
const limit = z.coerce.number().int().min(1).max(500).default(50)
const either = <T extends z.ZodType>(schema: T, description: string) => ({
  200: { description, content: { 'application/json': { schema }, 'text/csv': { schema: z.string() } } },
})

const open = route('insight.read', {
  method: 'get',
  path: '/live/open',
  summary: 'What is open now, by state, priority, team and age',
  tags,
  request: { query: z.object({ format }) },
  responses: either(Open, 'Counts'),
})
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
const stalled = route('insight.read', {
  method: 'get',
  path: '/live/stalled',
  summary: 'Open tickets that have stalled, each with the reason',
  tags,
  request: { query: z.object({ team, limit, format }) },
  responses: either(Stalled, 'By priority, then the longest'),
})
const board = route('insight.read', {
  method: 'get',
  path: '/live/board',
  summary: 'Who of a team has what, and what is next for them',
  tags,
  request: {
    query: z.object({ team: Id, each: z.coerce.number().int().min(1).max(50).default(6), format }),
  },
  responses: either(Board, 'The queue first, then its people'),
})
const setting = route('team.assign', {
  method: 'put',
  path: '/live/teams/{id}/stalled-after',
  summary:
    'Set after how many hours untouched a ticket of the team has stalled; null: as is usual for like tickets',
  tags,
  request: {
    params: IdParams,
    body: body(z.strictObject({ hours: z.int().min(1).max(8760).nullable() })),
  },
  responses: { 200: json(Empty, 'Set; looked at within a minute') },
})

const NINETY_DAYS_MS = 90 * 86_400_000

/** Whoever manages the same teams sees the same. */
function scopeKey(reader: Reader): string {
  const { all, teams } = analyticsScope(reader)
  return all ? 'all' : teams.toSorted().join()
}

/** The supervisor's live view. Everything is narrowed to the teams that the reader manages. */
export const liveRoutes: Resource = (app, { db }) => {
  const shareOpen = shared<OpenNow>(PAUSE_MS)
  const shareOutlook = shared<DeskOutlook>(PAUSE_MS)
  const shareStalled = shared<Awaited<ReturnType<typeof readStalled>>>(PAUSE_MS)

  app.openapi(open, async (c) => {
    const reader = c.get('reader')
    const now = await shareOpen(scopeKey(reader), () => readOpen(db, reader))
    const teams = await teamNames(db)
    const cells = now.cells.map(({ team_id, ...cell }) => ({
      ...cell,
      team: team_id === null ? null : { id: team_id, name: teams.get(team_id) ?? '' },
    }))
    if (c.req.valid('query').format === 'csv')
      return csvFile(
        c,
        'open',
        cells.map((cell) => [
          cell.state,
          cell.priority,
          cell.team?.name ?? '',
          ageWords(cell.age),
          cell.count,
        ]),
        ['state', 'priority', 'team', 'age', 'count'],
      )
    return c.json({ as_of: now.as_of, ages: [...AGES], cells } as unknown as z.infer<typeof Open>, 200)
  })

  app.openapi(outlook, async (c) => {
    const reader = c.get('reader')
    const { format: as, ...asked } = c.req.valid('query')
    const key = `${scopeKey(reader)}|${JSON.stringify(asked)}`
    const told = await shareOutlook(key, () => readOutlook(db, reader, asked))
    const names = await groupNames(db, told)
    const items = told.items.map(({ like, groups, service: _service, ...one }) => ({
      ...one,
      like: like && names(like),
      groups: groups.map(names),
    }))
    if (as === 'csv')
      return csvFile(
        c,
        'outlook',
        items.map((one) => [
          one.number,
          one.title,
          one.priority,
          one.team?.name ?? '',
          one.assignee?.name ?? '',
          one.target,
          one.due_at.toISOString(),
          one.used,
          one.odds ?? '',
          one.like?.broke ?? '',
          one.like?.n ?? '',
        ]),
        [
          'number',
          'title',
          'priority',
          'team',
          'assignee',
          'target',
          'due_at',
          'used',
          'odds',
          'like_broke',
          'like_n',
        ],
      )
    return c.json({ ...told, items } as unknown as z.infer<typeof Outlook>, 200)
  })

  app.openapi(held, async (c) => {
    const { from, to, format: as, ...asked } = c.req.valid('query')
    const until = to ? new Date(to) : await readNow(db)
    const since = from ? new Date(from) : new Date(+until - NINETY_DAYS_MS)
    const zone = (await readSettings(db)).reporting_zone
    const scores = await readHeldOdds(db, c.get('reader'), { ...asked, from: since, to: until, zone })
    if (as === 'csv')
      return csvFile(
        c,
        'held-odds',
        scores.bins.map((bin) => [bin.from, bin.to, bin.n, bin.foretold, bin.happened, bin.low, bin.high]),
        ['from', 'to', 'n', 'foretold', 'happened', 'low', 'high'],
      )
    return c.json({ from: since, to: until, ...scores } as unknown as z.infer<typeof HeldOdds>, 200)
  })

  app.openapi(stalled, async (c) => {
    const reader = c.get('reader')
    const { format: as, ...asked } = c.req.valid('query')
    const found = await shareStalled(`${scopeKey(reader)}|${JSON.stringify(asked)}`, () =>
      readStalled(db, reader, asked),
    )
    if (as === 'csv')
      return csvFile(
        c,
        'stalled',
        found.items.map((one) => [
          one.number,
          one.title,
          one.priority,
          one.team?.name ?? '',
          one.assignee?.name ?? '',
          one.code,
          one.since.toISOString(),
          one.allowed_ms ?? '',
          one.n ?? '',
        ]),
        ['number', 'title', 'priority', 'team', 'assignee', 'reason', 'since', 'allowed_ms', 'n'],
      )
    return c.json(found as unknown as z.infer<typeof Stalled>, 200)
  })

  app.openapi(board, async (c) => {
    const reader = c.get('reader')
    const { team: id, each, format: as } = c.req.valid('query')
    demandInTeam(reader, 'insight.read', id)
    const { hands, ...rest } = await readBoard(db, reader, id, each)
    if (as === 'csv')
      return csvFile(
        c,
        'load',
        hands.map(({ member, open: count, by_priority, oldest_at }) => [
          member?.person.name ?? '',
          count,
          ...(['P1', 'P2', 'P3', 'P4', 'P5'] as const).map((one) => by_priority[one] ?? 0),
          member?.cap ?? rest.cap ?? '',
          oldest_at ?? '',
          member?.unavailable?.code ?? '',
        ]),
        ['person', 'open', 'P1', 'P2', 'P3', 'P4', 'P5', 'cap', 'oldest_at', 'unavailable'],
      )
    const shown = hands.map(({ member, ...hand }) => ({
      ...hand,
      member: member && {
        person: member.person,
        cap: member.cap,
        load: member.load,
        unavailable: member.unavailable,
      },
    }))
    return c.json({ ...rest, hands: shown } as unknown as z.infer<typeof Board>, 200)
  })

  app.openapi(setting, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    demandAssigning(reader, id)
    await transact(db, actorOf(reader), (tx) => setStalledAfter(tx, id, c.req.valid('json').hours))
    return c.json({ ok: true as const }, 200)
  })
}

const ageWords = (age: number) => (age < AGES.length ? `< ${AGES[age]}` : `> ${AGES.at(-1)}`)

async function teamNames(db: Db): Promise<Map<string, string>> {
  const rows = await db.selectFrom('team').select(['id', 'name']).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
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
