import type { Impact, Priority } from '@tocsin/db'
import type { PendingReason, TicketKind } from '../ticket/index.ts'
import type { ImportedState, Outcome } from './mapping.ts'
import { inOrder, type Order } from './order.ts'
import type { Comment } from './comments.ts'
import type { Problem, RowFacts } from './read-row.ts'

type State = ImportedState['state']
/** What of a ticket has a history. Names are as the file has them. */
export interface Facets {
  state: State
  pending_reason: PendingReason | null
  priority: Priority
  impact: Impact
  urgency: Impact
  service: string | null
  item: string | null
  category: string | null
  symptom: string | null
  team: string | null
  assignee: string | null
}

/** A change, with what it left; the first is the opening. */
export interface Step {
  at: number
  verb: string
  changed: (keyof Facets)[]
  facets: Facets
}

export interface ToldTicket {
  externalId: string
  kind: TicketKind
  title: string
  description: string
  requester: string | null
  reporter: string | null
  location: string | null
  fields: Record<string, string>
  createdAt: number
  acknowledgedAt: number | null
  firstResponseAt: number | null
  resolvedAt: number | null
  closedAt: number | null
  resolutionCode: string | null
  reopenCount: number
  outcomes: { target: 'response' | 'resolution'; outcome: Outcome; at: number }[]
  comments: (Comment & { at: number })[]
  tags: string[]
  steps: Step[]
}

const ENDED = new Set<State>(['resolved', 'closed', 'cancelled'])
const LEVELS: Record<Priority, [Impact, Impact]> = {
  P1: ['high', 'high'],
  P2: ['high', 'medium'],
  P3: ['medium', 'medium'],
  P4: ['medium', 'low'],
  P5: ['low', 'low'],
}
const NAMED = ['service', 'item', 'category', 'symptom', 'team', 'assignee'] as const
export type Matrix = Record<Impact, Record<Impact, Priority>>

/** Clocks of two systems, and columns without seconds, may put an end a moment before its beginning. */
const SKEW = 60_000

/**
 * The story of a ticket out of its rows, in their order: where a row's instant lies before that of the one above, it
 * happened with that one. Times that the file gives win over those that the changes would.
 */
export function tellTicket(
  externalId: string,
  given: RowFacts[],
  shape: { updates: boolean; order?: Order; matrix: Matrix; given: ReadonlySet<string> },
): ToldTicket | Problem {
  const rows = shape.updates ? inOrder(given, shape.order ?? 'file') : given
  const [first, last] = [rows[0]!, rows.at(-1)!]
  const createdAt = first.instants.created_at
  if (createdAt === null) return { field: 'created_at', value: '', message: 'is missing' }
  if (!shape.updates && rows.length > 1)
    return { field: 'number', value: externalId, message: `stands on ${rows.length} rows` }
  for (const field of ['resolved_at', 'closed_at'] as const) {
    const end = last.instants[field]
    if (typeof end === 'number' && end < createdAt - SKEW)
      return { field, value: new Date(end).toISOString(), message: 'lies before the opening' }
  }
  const steps = shape.updates
    ? stepsOfUpdates(rows, createdAt, shape.matrix)
    : stepsOfOne(first, createdAt, shape.matrix)
  const state = steps.at(-1)!.facets.state
  const ended = ENDED.has(state)
  const lastTo = (...states: State[]) =>
    steps.findLast(({ changed, facets }) => changed.includes('state') && states.includes(facets.state))?.at ??
    null
  const timeOf = (field: 'resolved_at' | 'closed_at', happened: number | null) =>
    shape.given.has(field) ? floor(last.instants[field], createdAt) : happened
  const resolvedAt = ended ? timeOf('resolved_at', lastTo('resolved')) : null
  const closedAt =
    state === 'closed' || state === 'cancelled'
      ? (timeOf('closed_at', null) ?? lastTo('closed', 'cancelled'))
      : null
  const reopenings = steps.filter(({ verb }) => verb === 'reopen').length
  const counted = Number(last.texts.reopen_count ?? Number.NaN)
  return {
    externalId,
    kind: last.kind ?? first.kind ?? 'incident',
    title: last.texts.title ?? first.texts.title ?? beginning(last.texts.description) ?? externalId,
    description: last.texts.description ?? first.texts.description ?? '',
    requester: last.texts.requester ?? last.texts.reporter,
    reporter: last.texts.reporter ?? last.texts.requester,
    location: last.texts.location,
    fields: last.fields,
    createdAt,
    acknowledgedAt: shape.given.has('acknowledged_at')
      ? floor(last.instants.acknowledged_at, createdAt)
      : shape.updates
        ? (steps.find(({ facets }) => facets.state !== 'new')?.at ?? null)
        : null,
    firstResponseAt: floor(last.instants.first_response_at, createdAt),
    resolvedAt,
    closedAt,
    resolutionCode: ended ? last.texts.resolution_code : null,
    reopenCount: Number.isInteger(counted) && counted >= 0 ? Math.min(counted, 1_000) : reopenings,
    outcomes: outcomesOf(last, { ended, at: closedAt ?? resolvedAt ?? steps.at(-1)!.at }),
    comments: rows
      .flatMap(({ comments, instants }) =>
        comments.map((comment) => ({
          ...comment,
          at: Math.max(createdAt, comment.at ?? instants.at ?? createdAt),
        })),
      )
      .toSorted((a, b) => a.at - b.at),
    tags: last.tags,
    steps,
  }
}

const beginning = (text: string | null) => text?.trim().split('\n', 1)[0]?.slice(0, 120).trim() || null

/** A promise still running has no outcome yet, whatever the file says of it. */
function outcomesOf(last: RowFacts, end: { ended: boolean; at: number }): ToldTicket['outcomes'] {
  return (['response', 'resolution'] as const).flatMap((target) => {
    const outcome = last.outcomes[target]
    if (!outcome || (target === 'resolution' && !end.ended)) return []
    return [
      { target, outcome, at: (target === 'response' ? last.instants.first_response_at : null) ?? end.at },
    ]
  })
}

function stepsOfUpdates(rows: RowFacts[], createdAt: number, matrix: Matrix): Step[] {
  const opened = facetsOf(rows[0]!, undefined, matrix)
  // Who has it is known from the instant of the first row on, not from the opening.
  const begun = { ...opened, state: 'new' as const, pending_reason: null, assignee: null }
  const steps: Step[] = [opening(createdAt, begun)]
  for (const row of rows) {
    const before = steps.at(-1)!
    const step = stepTo(before, facetsOf(row, before.facets, matrix), row.instants.at ?? before.at)
    if (step) steps.push(step)
  }
  const last = rows.at(-1)!
  if (rows.every(({ state }) => state === null)) endAt(steps, stateByDates(last), last)
  return steps
}

/** One row tells of the end only: the times that it names are the moves that there were. */
function stepsOfOne(row: RowFacts, createdAt: number, matrix: Matrix): Step[] {
  const final = facetsOf(row, undefined, matrix)
  const steps: Step[] = [opening(createdAt, { ...final, state: 'new', pending_reason: null })]
  const { acknowledged_at, at } = row.instants
  if (typeof acknowledged_at === 'number') goTo(steps, 'in_progress', acknowledged_at)
  const state = row.state ? final.state : stateByDates(row)
  if (ENDED.has(state)) endAt(steps, state, row)
  else goTo(steps, state, at, final.pending_reason)
  return steps
}

/** Without a word for its state, the dates of its end say whether there was one. */
const stateByDates = ({ instants }: RowFacts): State =>
  typeof instants.closed_at === 'number'
    ? 'closed'
    : typeof instants.resolved_at === 'number'
      ? 'resolved'
      : 'new'

function endAt(steps: Step[], state: State, { instants }: RowFacts): void {
  const { resolved_at, closed_at, at } = instants
  if (state === 'resolved' || (state === 'closed' && typeof resolved_at === 'number'))
    goTo(steps, 'resolved', resolved_at ?? at)
  if (state === 'closed' || state === 'cancelled') goTo(steps, state, closed_at ?? at)
}

function goTo(
  steps: Step[],
  state: State,
  at: number | null | undefined,
  reason: PendingReason | null = null,
): void {
  const before = steps.at(-1)!
  const step = stepTo(before, { ...before.facets, state, pending_reason: reason }, at ?? before.at)
  if (step) steps.push(step)
}

function facetsOf(row: RowFacts, before: Facets | undefined, matrix: Matrix): Facets {
  const { state = before?.state ?? 'new' } = row.state ?? {}
  const reason = row.pending_reason ?? row.state?.reason
  const levels = row.priority && !row.impact && !row.urgency ? LEVELS[row.priority] : undefined
  const impact = row.impact ?? levels?.[0] ?? before?.impact ?? 'medium'
  const urgency = row.urgency ?? levels?.[1] ?? before?.urgency ?? 'medium'
  const pending =
    state === 'pending' ? (reason ?? (row.state ? 'other' : (before?.pending_reason ?? 'other'))) : null
  return {
    state,
    pending_reason: pending,
    impact,
    urgency,
    priority: row.priority ?? matrix[impact][urgency],
    ...(Object.fromEntries(NAMED.map((name) => [name, row.texts[name]])) as Pick<
      Facets,
      (typeof NAMED)[number]
    >),
  }
}

const opening = (at: number, facets: Facets): Step => ({ at, verb: 'open', changed: [], facets })

function stepTo(before: Step, facets: Facets, at: number): Step | undefined {
  const changed = (Object.keys(facets) as (keyof Facets)[]).filter(
    (name) => facets[name] !== before.facets[name],
  )
  if (changed.length === 0) return undefined
  return { at: Math.max(at, before.at), verb: verbOf(before.facets, facets, changed), changed, facets }
}

const VERBS: Record<State, string> = {
  new: 'edit',
  in_progress: 'start',
  pending: 'pend',
  resolved: 'resolve',
  closed: 'close',
  cancelled: 'cancel',
}

function verbOf(before: Facets, after: Facets, changed: (keyof Facets)[]): string {
  if (changed.includes('state'))
    return ENDED.has(before.state) && !ENDED.has(after.state) ? 'reopen' : VERBS[after.state]
  if (changed.includes('pending_reason')) return 'pend'
  return changed.every((name) => name === 'team' || name === 'assignee') ? 'assign' : 'edit'
}

const floor = (instant: number | null | undefined, least: number): number | null =>
  typeof instant === 'number' ? Math.max(instant, least) : null
