import { z } from '@hono/zod-openapi'
import {
  actorOf,
  AGES,
  demandAssigning,
  demandInTeam,
  type OpenNow,
  readBoard,
  readOpen,
  readStalled,
  setStalledAfter,
  transact,
} from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { body, Empty, Id, IdParams, json, route } from '../../route.ts'
import { csvFile, TICKET_COLUMNS, ticketCells } from './csv.ts'
import { outlookRoutes } from './outlook.ts'
import { Board, either, format, limit, Open, Stalled, tags, team } from './schema.ts'
import { PAUSE_MS, scopeKey, teamNames } from './scope.ts'
import { shared } from './shared.ts'

const open = route('insight.read', {
  method: 'get',
  path: '/live/open',
  summary: 'What is open now, by state, priority, team and age',
  tags,
  request: { query: z.object({ format }) },
  responses: either(Open, 'Counts'),
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

const ageWords = (age: number) => (age < AGES.length ? `< ${AGES[age]}` : `> ${AGES.at(-1)}`)

/** The supervisor's live view. Everything is narrowed to the teams that the reader manages. */
export const liveRoutes: Resource = (app, deps) => {
  const { db } = deps
  const shareOpen = shared<OpenNow>(PAUSE_MS)
  const shareStalled = shared<Awaited<ReturnType<typeof readStalled>>>(PAUSE_MS)
  outlookRoutes(app, deps)

  app.openapi(open, async (c) => {
    const reader = c.get('reader')
    const now = await shareOpen(scopeKey(reader), () => readOpen(db, reader))
    const teams = await teamNames(db)
    const cells = now.cells.map(({ team_id, ...cell }) => ({
      ...cell,
      team: team_id === null ? null : { id: team_id, name: teams.get(team_id) ?? '' },
    }))
    if (c.req.valid('query').format === 'csv') {
      const rows = cells.map((cell) => ({ ...cell, team: cell.team?.name, age: ageWords(cell.age) }))
      return csvFile(c, 'open', ['state', 'priority', 'team', 'age', 'count'], rows)
    }
    return c.json({ as_of: now.as_of, ages: [...AGES], cells } as unknown as z.infer<typeof Open>, 200)
  })

  app.openapi(stalled, async (c) => {
    const reader = c.get('reader')
    const { format: as, ...asked } = c.req.valid('query')
    const found = await shareStalled(scopeKey(reader, asked), () => readStalled(db, reader, asked))
    if (as === 'csv')
      return csvFile(
        c,
        'stalled',
        [...TICKET_COLUMNS, 'code', 'since', 'allowed_ms', 'n'],
        found.items.map(ticketCells),
      )
    return c.json(found as unknown as z.infer<typeof Stalled>, 200)
  })

  app.openapi(board, async (c) => {
    const reader = c.get('reader')
    const { team: id, each, format: as } = c.req.valid('query')
    demandInTeam(reader, 'insight.read', id)
    const { hands, ...rest } = await readBoard(db, reader, id, each)
    if (as === 'csv') {
      const columns = ['person', 'open', 'P1', 'P2', 'P3', 'P4', 'P5', 'cap', 'oldest_at', 'unavailable']
      const rows = hands.map(({ member, by_priority, ...hand }) => ({
        ...hand,
        ...by_priority,
        person: member?.person.name,
        cap: member && (member.cap ?? rest.cap),
        unavailable: member?.unavailable?.code,
      }))
      return csvFile(c, 'load', columns, rows)
    }
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
