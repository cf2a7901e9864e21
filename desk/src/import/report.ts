import type { DateForms } from './file/index.ts'
import type { NameKind } from './names.ts'
import type { Unknown } from './read-row.ts'
import type { ToldTicket } from './tell.ts'

/** What an import, or its dry run, has come to. */
export interface Report {
  tickets: number
  /** Lines of the record that they bring. */
  activities: number
  /** Tickets whose rows are handed back. */
  refused: number
  /** Tickets that an earlier import brought. */
  already: number
  comments: number
  kinds: Record<string, number>
  states: Record<string, number>
  priorities: Record<string, number>
  outcomes: Record<string, number>
  first_created_at: string | null
  last_created_at: string | null
  /** Words that the mapping does not know, with how often they stand. */
  unknown: { field: string; value: string; count: number }[]
  unused_columns: string[]
  /** The forms by which dates are read, and where they leave open which number is the day, what was taken. */
  dates: DateForms
  /** Of a dry run: names that nobody and nothing here bears. */
  new_names: Partial<Record<NameKind, number>>
  /** And names of whom and what is here already. */
  matched_names: Partial<Record<NameKind, number>>
  /** Some tickets as they would become. */
  samples: Sample[]
}
interface Sample {
  external_id: string
  kind: string
  state: string
  priority: string
  title: string
  team: string | null
  requester: string | null
  created_at: string
  resolved_at: string | null
  changes: number
  description: string
  service: string | null
  category: string | null
  assignee: string | null
  tags: string[]
  /** What happened to it, its first moments. */
  story: { at: string; verb: string; state: string }[]
}

const MOST_UNKNOWN = 200
const MOST_SAMPLES = 5
const MOST_MOMENTS = 8

export const emptyReport = ({ unused, dates }: { unused: string[]; dates: DateForms }): Report => ({
  tickets: 0,
  activities: 0,
  refused: 0,
  already: 0,
  comments: 0,
  kinds: {},
  states: {},
  priorities: {},
  outcomes: {},
  first_created_at: null,
  last_created_at: null,
  unknown: [],
  unused_columns: unused,
  dates,
  new_names: {},
  matched_names: {},
  samples: [],
})

/** The report with a batch more. */
export function addToReport(
  report: Report,
  batch: { tickets: ToldTicket[]; refused: number; already: number; unknown: Unknown[] },
): Report {
  const next = structuredClone(report)
  next.refused += batch.refused
  next.already += batch.already
  for (const ticket of batch.tickets) {
    const { facets } = ticket.steps.at(-1)!
    next.tickets++
    next.activities += ticket.steps.length + ticket.comments.length
    next.comments += ticket.comments.length
    count(next.kinds, ticket.kind)
    count(next.states, facets.state)
    count(next.priorities, facets.priority)
    for (const { target, outcome } of ticket.outcomes) count(next.outcomes, `${target}_${outcome}`)
    const created = new Date(ticket.createdAt).toISOString()
    if (!next.first_created_at || created < next.first_created_at) next.first_created_at = created
    if (!next.last_created_at || created > next.last_created_at) next.last_created_at = created
    if (next.samples.length < MOST_SAMPLES) next.samples.push(sampleOf(ticket))
  }
  const known = new Map(next.unknown.map((one) => [`${one.field} ${one.value}`, one]))
  for (const { field, value } of batch.unknown) {
    const held = known.get(`${field} ${value}`)
    if (held) held.count++
    else if (next.unknown.length < MOST_UNKNOWN) {
      const made = { field, value, count: 1 }
      next.unknown.push(made)
      known.set(`${field} ${value}`, made)
    }
  }
  return next
}

function sampleOf(ticket: ToldTicket): Sample {
  const { facets } = ticket.steps.at(-1)!
  return {
    external_id: ticket.externalId,
    kind: ticket.kind,
    state: facets.state,
    priority: facets.priority,
    title: ticket.title.slice(0, 200),
    team: facets.team,
    requester: ticket.requester,
    created_at: new Date(ticket.createdAt).toISOString(),
    resolved_at: ticket.resolvedAt === null ? null : new Date(ticket.resolvedAt).toISOString(),
    changes: ticket.steps.length + ticket.comments.length - 1,
    description: ticket.description.slice(0, 300),
    service: facets.service,
    category: facets.category,
    assignee: facets.assignee,
    tags: ticket.tags,
    story: storyOf(ticket).slice(0, MOST_MOMENTS),
  }
}

function storyOf({ steps, comments }: ToldTicket): Sample['story'] {
  const moments = [
    ...steps.map(({ at, verb, facets }) => ({ at, verb, state: facets.state as string })),
    ...comments.map(({ at }) => ({ at, verb: 'note', state: '' })),
  ]
  return moments
    .toSorted((a, b) => a.at - b.at)
    .map((moment) => ({ ...moment, at: new Date(moment.at).toISOString() }))
}

const count = (counts: Record<string, number>, key: string) => (counts[key] = (counts[key] ?? 0) + 1)
