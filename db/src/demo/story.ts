import type { HistoryRow, Priority } from './desk-rules.ts'
import type { Service } from './services.ts'
import { runClocks, type Sla } from './sla.ts'
import type { World } from './world.ts'

export type Actor =
  | { kind: 'person' | 'integration'; id: string }
  | { kind: 'rule' | 'system'; id: null | string }
export const SYSTEM: Actor = { kind: 'system', id: null }

/** The facets whose history is kept. */
export interface Facets {
  state:
    | 'new'
    | 'in_progress'
    | 'pending'
    | 'fixing'
    | 'assess'
    | 'authorize'
    | 'scheduled'
    | 'implement'
    | 'review'
    | 'resolved'
    | 'closed'
    | 'cancelled'
  status_id: string | null
  pending_reason: string | null
  priority: Priority
  service_id: string
  team_id: string
  assignee_id: string | null
}

/** Everything else that a step may set; the record tells of it as of the facets. */
export interface Columns extends Facets {
  pending_until: Date | null
  acknowledged_at: Date | null
  first_response_at: Date | null
  resolved_at: Date | null
  closed_at: Date | null
  resolution_code: string | null
  reopen_count: number
}

/** One thing that happens to a ticket, and its line in the record. */
export interface Step {
  at: number
  verb: string
  actor: Actor
  set?: Partial<Columns>
  visibility?: 'public' | 'internal'
  /** Where the line is about something beside the ticket: a page. */
  subject?: { kind: string; id: string }
  after?: Record<string, unknown>
  why?: unknown
  cause?: { kind: string; id: string }
  /** `id`: its own, where another row points to it. */
  message?: { id?: string; kind: 'reply' | 'note'; body: string; fromRequester?: boolean }
}

export interface Opening {
  id: string
  at: number
  kind: 'incident' | 'request' | 'problem' | 'change'
  title: string
  description: string
  impact: Impact
  urgency: Impact
  service: Service
  itemId?: string | null
  categoryId: string
  symptomKey?: string | null
  language: string
  fields?: Record<string, unknown>
  catalogueItemId?: string | null
  requesterId?: string | null
  organisationId?: string | null
  channel: 'monitoring' | 'portal' | 'desk' | 'email' | 'api'
  source?: string | null
  actor: Actor
  cause?: Step['cause']
  why?: unknown
}

type Impact = 'high' | 'medium' | 'low'
const RANK: Record<Impact, number> = { high: 0, medium: 1, low: 2 }
export const priorityOf = (impact: Impact, urgency: Impact): Priority =>
  `P${1 + RANK[impact] + RANK[urgency]}` as Priority

const HISTORY = [
  'state',
  'status_id',
  'pending_reason',
  'priority',
  'service_id',
  'team_id',
  'assignee_id',
] as const

const PREFIX = { incident: 'INC', request: 'REQ', problem: 'PRB', change: 'CHG' }
const NOTHING_PROMISED: ReturnType<typeof runClocks> = { breaches: [], dueAt: null }

/** Tells tickets one after another, in the order of their opening, so that numbers rise with time. */
export function createTeller(world: World, sla: Sla, brandId: string) {
  const { chance, load, now } = world
  const told = { incident: 0, request: 0, problem: 0, change: 0 }
  return {
    told,
    /** Writes the ticket as its steps leave it; what would happen after now has not happened. */
    tell: (opening: Opening, planned: Step[]): void => {
      const { id, kind, service } = opening
      const createdAt = new Date(opening.at)
      const ticket: Columns = {
        state: 'new',
        status_id: null,
        pending_reason: null,
        pending_until: null,
        priority: priorityOf(opening.impact, opening.urgency),
        service_id: service.id,
        team_id: service.teamId,
        assignee_id: null,
        acknowledged_at: null,
        first_response_at: null,
        resolved_at: null,
        closed_at: null,
        resolution_code: null,
        reopen_count: 0,
      }
      const steps = [openingStep(opening, ticket), ...planned.filter((step) => step.at <= now)].toSorted(
        (a, b) => a.at - b.at,
      )
      const history = historyOf(ticket, steps)
      const { breaches, dueAt } =
        kind === 'incident' || kind === 'request'
          ? runClocks(world, sla, {
              kind,
              id,
              history,
              serviceId: service.id,
              priority: ticket.priority,
              answeredAt: answerOf(kind, steps),
            })
          : NOTHING_PROMISED
      for (const { at, target, why } of breaches) {
        const after = { target, due_at: new Date(at).toISOString() }
        steps.push({
          at,
          verb: 'breach',
          actor: { kind: 'rule', id: null },
          after,
          why,
          visibility: 'internal',
        })
      }
      steps.sort((a, b) => a.at - b.at)

      const number = `${PREFIX[kind]}-${++told[kind]}`
      let updated = opening.at
      for (const [position, step] of steps.entries()) {
        const revision = position + 1
        const before = Object.fromEntries(
          Object.keys(step.set ?? {}).map((column) => [column, ticket[column as keyof Columns]]),
        )
        const turns = HISTORY.some(
          (facet) => step.set?.[facet] !== undefined && step.set[facet] !== ticket[facet],
        )
        Object.assign(ticket, step.set)
        updated = step.at
        if (turns || position === 0)
          load.add('ticket_state', {
            ticket_id: id,
            revision,
            at: new Date(step.at),
            ...Object.fromEntries(HISTORY.map((facet) => [facet, ticket[facet]])),
          })
        load.add('activity', lineOf(id, revision, step, position === 0 ? null : before))
      }
      load.add('ticket', {
        id,
        number,
        kind,
        title: opening.title,
        description: opening.description,
        impact: opening.impact,
        urgency: opening.urgency,
        language: opening.language,
        ci_id: opening.itemId ?? null,
        category_id: opening.categoryId,
        symptom_key: opening.symptomKey ?? null,
        requester_id: opening.requesterId ?? null,
        reporter_id: opening.requesterId ?? null,
        channel: opening.channel,
        source: opening.source ?? null,
        fields: opening.fields ?? {},
        organisation_id: opening.organisationId ?? null,
        brand_id: brandId,
        catalogue_item_id: opening.catalogueItemId ?? null,
        ...ticket,
        created_at: createdAt,
        updated_at: new Date(updated),
        due_at: dueAt,
        revision: steps.length,
      })

      function openingStep(
        { at, actor, channel, cause, why }: Opening,
        { priority, team_id, service_id }: Columns,
      ): Step {
        const after = { kind, state: 'new', priority, team: team_id, service: service_id, channel }
        return { at, verb: 'open', actor, after, cause, why, visibility: 'public' }
      }
    },
  }

  function lineOf(ticketId: string, revision: number, step: Step, before: Record<string, unknown> | null) {
    const at = new Date(step.at)
    let said: Record<string, unknown> = {}
    if (step.message) {
      const id = step.message.id ?? chance.id(step.at)
      said = { message: id }
      load.add('message', {
        id,
        ticket_id: ticketId,
        author_id: step.actor.id,
        kind: step.message.kind,
        body: step.message.body,
        from_requester: step.message.fromRequester ?? false,
        created_at: at,
        channel: step.message.fromRequester ? 'portal' : 'desk',
      })
    }
    return {
      id: chance.id(step.at),
      recorded_at: at,
      at,
      actor_kind: step.actor.kind,
      actor_id: step.actor.id,
      verb: step.verb,
      subject_kind: step.subject?.kind ?? 'ticket',
      subject_id: step.subject?.id ?? ticketId,
      ticket_id: ticketId,
      revision,
      before: step.set ? before : null,
      after: { ...step.set, ...step.after, ...said },
      cause: step.cause ?? null,
      why: step.why ?? null,
      visibility: step.visibility ?? 'internal',
    }
  }
}

function historyOf(first: Columns, steps: Step[]): HistoryRow[] {
  let { state, pending_reason, priority } = first
  return steps.flatMap(({ at, set }, position) => {
    if (position > 0 && !set) return []
    state = set?.state ?? state
    pending_reason = set?.pending_reason === undefined ? pending_reason : set.pending_reason
    priority = set?.priority ?? priority
    return [{ at: new Date(at), state, pending_reason, priority }]
  })
}

function answerOf(kind: Opening['kind'], steps: Step[]): Date | null {
  const answers = steps.flatMap(({ set }) => [
    ...(set?.first_response_at ? [set.first_response_at] : []),
    ...(kind === 'incident' && set?.acknowledged_at ? [set.acknowledged_at] : []),
  ])
  return answers.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null
}
