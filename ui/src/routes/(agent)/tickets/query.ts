import { type Named, STATES, type Team } from '#lib/api/types.ts'
import { type Filter, printSearch } from '#lib/filter/grammar.ts'
import { labelText } from '#lib/text/label.ts'

/** The names that a filter may use for things that the API knows by id. */
export interface Known {
  teams: readonly Team[]
  services: readonly (Named & { key?: string })[]
}

/** What the API is asked for a filter: names become ids, several values a comma list. */
export function queryOf(filter: Filter, known: Known): Record<string, string> {
  const { facets } = filter
  const query: Record<string, string | undefined> = {
    kind: lower(facets.kind)?.join(','),
    state: statesOf(lower(facets.state)),
    status: listOf(facets.status),
    priority: facets.priority?.map((priority) => priority.toUpperCase()).join(','),
    team: listOf(facets.team?.map((name) => idOf(known.teams, name))),
    service: listOf(facets.service?.map((name) => idOf(known.services, name))),
    category: listOf(facets.category),
    field: listOf(facets.field),
    tag: listOf(facets.tag),
    major: lower(facets.major)?.join(','),
    assignee: listOf(facets.assignee?.map((name) => idOf(membersOf(known.teams), name))),
    requester: listOf(facets.requester),
    channel: lower(facets.channel)?.join(','),
    sla: lower(facets.sla)?.at(-1),
    age: facets.age?.join(','),
    created: facets.created?.join(','),
    updated: facets.updated?.join(','),
    q: printSearch(filter) || undefined,
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

/** A comma within a value is no end of it. */
const listOf = (values: readonly string[] | undefined): string | undefined =>
  values?.map((value) => value.replaceAll(',', '\\,')).join(',')

function idOf(things: readonly Named[], name: string): string {
  const wanted = name.toLowerCase()
  return things.find((thing) => labelText(thing.name).toLowerCase() === wanted)?.id ?? name
}

/** Everybody in a team, once. */
export function membersOf(teams: readonly Team[]): { id: string; name: string }[] {
  const people = teams.flatMap(({ members }) => members ?? [])
  return [...new Map(people.map(({ person_id: id, name }) => [id, { id, name }])).values()]
}
