import type { Ref, Team } from '#lib/api/types.ts'
import { facetNames, type Filter, joined, parseFilter, printFilter } from '#lib/filter/grammar.ts'
import { m } from '#lib/paraglide/messages.js'
import { labelText } from '#lib/text/label.ts'
import type { Column } from './columns.ts'

/** A filter and an order under a name, as the API has it. */
export interface SavedView {
  id: string
  name: string
  /** What `GET /tickets` is asked. */
  filter: Record<string, string>
  sort: string
  /** What its list shows, in this order; null: as usual. */
  columns: Column[] | null
  shared_with: 'nobody' | 'team' | 'all'
  team: Ref | null
  owner: Ref
  editable: boolean
  /** Among those in one's queue. */
  position: number | null
  /** The queue opens with it. */
  opens: boolean
  revision: number
}

export const hrefOfView = (view: Pick<SavedView, 'id'>): string => `/tickets?view=${view.id}`

export const isPinned = (view: SavedView): boolean => view.position !== null

export function sharedWords(view: SavedView): string {
  if (view.shared_with === 'all') return m.views_everybody()
  return view.team ? m.views_team({ name: view.team.name }) : m.views_nobody()
}

interface Known {
  teams: readonly Team[]
  services: readonly { id: string; key?: string; name: Parameters<typeof labelText>[0] }[]
}

/** What a person would have typed for it: ids by the names that things have today, in the reader's language. */
export function typedOf(asked: Record<string, string>, { teams, services }: Known): string {
  const facets: Filter['facets'] = {}
  for (const name of facetNames) {
    const value = asked[name]
    if (value) facets[name] = valuesOf(value)
  }
  const people = teams.flatMap(({ members }) => members.map((one) => ({ id: one.person_id, name: one.name })))
  const replace = (
    name: 'team' | 'service' | 'assignee',
    things: readonly { id: string; name: Known['services'][0]['name'] }[],
  ) => {
    const nameOf = (id: string) => labelText(things.find((thing) => thing.id === id)?.name) || id
    facets[name] = facets[name]?.map(nameOf)
  }
  replace('team', teams)
  replace('service', services)
  replace('assignee', people)
  return printFilter(joined({ facets, words: '' }, parseFilter(asked.q ?? '')))
}

const valuesOf = (value: string): string[] =>
  value
    .split(/(?<!\\),/)
    .map((one) => one.replaceAll('\\,', ','))
    .filter(Boolean)
