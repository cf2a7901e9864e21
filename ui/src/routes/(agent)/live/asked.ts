import type { Api } from '#lib/api/client.ts'
import type { Me, Team } from '#lib/api/types.ts'
import { sumOf } from './cells.ts'
import type { Board, OpenNow, Outlook, Stalled, View } from './types.ts'

export const HOURS = [2, 4, 8, 24] as const

/** What the page asks for; the address is its state. */
export interface Asked {
  hours: number
  /** Empty: all that the reader manages. */
  team: string
  /** Whose people are shown. */
  board: string
}

/** The teams that somebody answers for. */
export const managedBy = (me: Me | null | undefined, teams: readonly Team[]): Team[] =>
  teams.filter(
    ({ id }) =>
      me?.administrator ||
      me?.roles.some(({ team, capabilities }) => team.id === id && capabilities.includes('insight.read')),
  )

export function readAsked(search: URLSearchParams, managed: readonly Team[]): Asked {
  const named = (name: string) => managed.find(({ id }) => id === search.get(name))?.id ?? ''
  const hours = HOURS.find((one) => String(one) === search.get('hours')) ?? 8
  return { hours, team: named('team'), board: named('board') || named('team') }
}

/** Where most is open, of the teams that have anybody to do it. */
export const busiestOf = (managed: readonly Team[], { cells }: OpenNow): string =>
  managed
    .filter(({ members }) => members.length > 0)
    .map(({ id }) => ({ id, sum: sumOf(cells.filter(({ team }) => team?.id === id)) }))
    .toSorted((a, b) => b.sum - a.sum)[0]?.id ?? ''

export function hrefOf({ hours, team, board }: Asked): string {
  const search = new URLSearchParams()
  if (hours !== 8) search.set('hours', String(hours))
  if (team) search.set('team', team)
  if (board && board !== team) search.set('board', board)
  return `?${search}`
}

export async function readView(api: Api, { hours, team, board }: Asked, known?: OpenNow): Promise<View> {
  const [open, outlook, stalled, hands] = await Promise.all([
    known ?? api.get<OpenNow>('/live/open'),
    api.get<Outlook>('/live/outlook', { hours, team, limit: 20 }),
    api.get<Stalled>('/live/stalled', { team, limit: 20 }),
    board ? api.get<Board>('/live/board', { team: board }) : null,
  ])
  const cells = team ? open.cells.filter((cell) => cell.team?.id === team) : open.cells
  return { open: { ...open, cells }, outlook, stalled, board: hands }
}
