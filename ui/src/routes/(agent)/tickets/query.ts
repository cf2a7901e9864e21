import { type Named, STATES, type Team } from '#lib/api/types.ts'
import type { Filter } from '#lib/filter/grammar.ts'
import { labelText } from '#lib/text/label.ts'

/** The names that a filter may use for things that the API knows by id. */
export interface Known {
  teams: readonly Team[]
  services: readonly (Named & { key?: string })[]
}

/** What the API is asked for a filter: names become ids, several values a comma list. */
export function queryOf({ facets, words }: Filter, known: Known): Record<string, string> {
  const query: Record<string, string | undefined> = {
    kind: lower(facets.kind)?.join(','),
    state: statesOf(lower(facets.state)),
    status: facets.status?.join(','),
    priority: facets.priority?.map((priority) => priority.toUpperCase()).join(','),
    team: idOf(known.teams, facets.team?.at(-1)),
    service: idOf(known.services, facets.service?.at(-1)),
    category: facets.category?.join(','),
    field: facets.field?.map((one) => one.replaceAll(',', '\\,')).join(','),
    tag: facets.tag?.join(','),
    major: lower(facets.major)?.join(','),
    assignee: idOf(membersOf(known.teams), facets.assignee?.at(-1)),
    sla: lower(facets.sla)?.at(-1),
    age: facets.age?.join(','),
    created: facets.created?.join(','),
    updated: facets.updated?.join(','),
    q: words || undefined,
  }
  return Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]))
}

const lower = (values: readonly string[] | undefined) => values?.map((value) => value.toLowerCase())
const OPEN = STATES.filter((state) => !['resolved', 'closed', 'cancelled'].includes(state))

/** `open` alone is the API's own word; beside other states it is spelt out. */
function statesOf(states: readonly string[] | undefined): string | undefined {
  if (!states || states.length === 1) return states?.[0]
  return states.flatMap((state) => (state === 'open' ? OPEN : [state])).join(',')
}

function idOf(things: readonly Named[], name: string | undefined): string | undefined {
  const wanted = name?.toLowerCase()
  return things.find((thing) => labelText(thing.name).toLowerCase() === wanted)?.id ?? name
}

/** Everybody in a team, once. */
export function membersOf(teams: readonly Team[]): { id: string; name: string }[] {
  const people = teams.flatMap(({ members }) => members ?? [])
  return [...new Map(people.map(({ person_id: id, name }) => [id, { id, name }])).values()]
}
