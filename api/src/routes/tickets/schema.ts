import { z } from '@hono/zod-openapi'
import { PENDING_REASONS, STATES, STATUS_COLORS } from '@tocsin/desk'
import { Detached, Told } from '../../evidence.ts'
import { Id, Instant } from '../../route.ts'
import { HeldBack } from '../alerts/schema.ts'
import { Change, KnownError, Problem, RequestApproval } from './details.ts'
import { Major, MajorMark } from './major.ts'

export const Kind = z.enum(['incident', 'request', 'problem', 'change'])
export const State = z.enum(STATES as [string, ...string[]])
export const Priority = z.enum(['P1', 'P2', 'P3', 'P4', 'P5'])
export const Channel = z.enum(['monitoring', 'portal', 'desk', 'email', 'api', 'import'])
export const Impact = z.enum(['high', 'medium', 'low'])
export const PendingReason = z.enum(PENDING_REASONS as [string, ...string[]])
/** An answer to a custom field or a question of the catalogue; null takes one away. */
export const FieldAnswer = z.union([
  z.string().max(100_000),
  z.number(),
  z.boolean(),
  z.array(z.string().max(120)).max(200),
  z.null(),
])
export const LinkKind = z
  .enum(['duplicates', 'caused_by', 'blocks', 'recurs', 'relates', 'parent'])
  .openapi({ description: 'parent: this ticket is part of the other; outward false, the other of this' })

/** Signs that nobody sees are no title: a list would show nothing to open. */
export const Title = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((title) => /[^\p{C}\p{Z}\p{M}]/u.test(title), 'has nothing that one can see')

export const NumberParams = z.object({
  number: z
    .string()
    .regex(/^(INC|REQ|PRB|CHG)-\d{1,12}$/i, 'a ticket number, such as INC-1')
    .transform((number) => number.toUpperCase()),
})

const Named = z.object({ id: Id, name: z.string() })
const Keyed = z.object({ id: Id, key: z.string(), name: z.record(z.string(), z.string()) })
const StatusRef = Keyed.extend({
  color: z.enum(STATUS_COLORS).nullable().openapi({ description: 'of its mark; null: that of its state' }),
})

export const Sla = z.object({
  target: z
    .enum(['response', 'resolution', 'update', 'ola'])
    .openapi({ description: 'ola: what one team owes the others, told to the desk only' }),
  /** Whose time it is, for an ola. */
  team: Named.nullable(),
  due_at: Instant.nullable(),
  state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']),
  elapsed_ms: z
    .number()
    .nullable()
    .openapi({ description: 'counted up to now; null, like the target, for an imported outcome' }),
  target_ms: z.number().nullable(),
  remaining_ms: z
    .number()
    .nullable()
    .openapi({ description: 'working time left; below zero by how much it is over' }),
  imported: z.boolean().openapi({ description: 'as another desk measured it; never computed again' }),
  breached_at: Instant.nullable(),
})

/** Why a ticket stands where it stands in the order of what is next. */
export const Next = z
  .object({
    target: z.enum(['response', 'resolution', 'update', 'ola']),
    due_at: Instant,
    remaining_ms: z.number(),
    typical_ms: z.number().nullable().openapi({ description: 'how long like tickets took, half of them' }),
    like: z
      .object({
        n: z.number(),
        kind: z.string(),
        priority: z.string().nullable(),
        service_id: Id.nullable(),
      })
      .nullable()
      .openapi({ description: 'how many they are, and what they have in common with it' }),
    slack_ms: z.number().openapi({ description: 'until it has to be begun; below zero: past' }),
    longer: z
      .number()
      .nullable()
      .openapi({ description: 'share of like tickets that took longer than is left' }),
    reason: z.string().openapi({ description: 'the same in words' }),
  })
  .openapi('Next')

/** A line of the queue. */
export const TicketLine = z
  .object({
    number: z.string(),
    kind: Kind,
    state: State,
    status: StatusRef.nullable().openapi({ description: 'a finer word for the state' }),
    pending_reason: PendingReason.nullable(),
    pending_until: Instant.nullable().openapi({ description: 'past it, it counts as stalled' }),
    title: z.string(),
    priority: Priority,
    impact: Impact,
    urgency: Impact,
    service: Keyed.nullable(),
    category: Keyed.nullable(),
    team: Named.nullable(),
    assignee: Named.nullable(),
    requester: Named.nullable(),
    channel: z.string(),
    confidential: z.boolean(),
    created_at: Instant,
    updated_at: Instant,
    acknowledged_at: Instant.nullable(),
    first_response_at: Instant.nullable(),
    resolved_at: Instant.nullable(),
    closed_at: Instant.nullable(),
    due_at: Instant.nullable(),
    sla: z.array(Sla),
    next: Next.nullable().optional().openapi({ description: 'with sort=next; null: no clock runs' }),
    firing_alerts: z.number(),
    major: MajorMark,
    checklist: z
      .object({ done: z.number(), total: z.number() })
      .nullable()
      .openapi({ description: 'how far it has come, told to those who work on it' }),
    draft: z.boolean().openapi({ description: 'I have begun to write on it' }),
    answers: z
      .object({ fields: z.record(z.string(), z.unknown()), people: z.record(z.string(), z.string()) })
      .optional()
      .openapi({
        description: 'with `fields=`: what it answers of these questions, and names of those in it',
      }),
    revision: z.number(),
  })
  .openapi('TicketLine')

const AlertOfTicket = z.object({
  id: Id,
  status: z.string(),
  severity: z.string(),
  title: z.string(),
  dedup_key: z.string(),
  service: z.string().nullable(),
  host: z.string().nullable(),
  resource: z.string().nullable(),
  count: z.number(),
  starts_at: Instant,
  ends_at: Instant.nullable(),
  last_event_at: Instant,
  labels: z.record(z.string(), z.unknown()),
  integration: Named,
  link: z.object({
    how: z.string(),
    rule: z.string(),
    rule_version: z.number(),
    evidence: z.unknown(),
    told: Told,
    linked_at: Instant,
    detached_at: Instant.nullable(),
    detached: Detached,
  }),
  stands: z.boolean().openapi({ description: 'its present opening stands in this ticket' }),
  held: HeldBack,
  flapping: z.boolean(),
  snoozed_until: Instant.nullable(),
})
const PageOfTicket = z.object({
  id: Id,
  cycle: z.number(),
  step: z.number(),
  recipient: Named,
  state: z.string(),
  why: z.unknown(),
  created_at: Instant,
  acknowledged_at: Instant.nullable(),
  deliveries: z.array(
    z.object({
      kind: z.string(),
      state: z.string(),
      attempts: z.number(),
      due_at: Instant,
      sent_at: Instant.nullable(),
      outcome: z.unknown(),
      reason: z.string().nullable(),
      held: z.object({ until: Instant, told_at: Instant.nullable() }).nullable(),
      together: z.number(),
    }),
  ),
})

const RouteOfTicket = z.object({
  rule: z.object({
    id: Id,
    name: z.string(),
    place: z.number(),
    version: z.number(),
    when: z.string(),
  }),
  team: Named,
  matched: z.record(z.string(), z.string()).openapi({ description: 'what the condition looked at' }),
  routed_at: Instant,
  asked_by: Named.nullable().openapi({ description: 'whoever asked the rules again; null: at its opening' }),
})

const Refused = z.object({
  person: Named,
  code: z.enum(['exempt', 'away', 'off_shift', 'skill', 'full']),
  until: Instant.nullable().optional(),
  skill: Named.optional(),
  needs: z.number().optional(),
  has: z.number().optional(),
  open: z.number().optional(),
  cap: z.number().optional(),
})
const WaitOfTicket = z.object({
  since: Instant,
  refused: z
    .array(Refused)
    .openapi({ description: 'everybody of the team and why not them; empty: the team has nobody' }),
})

const By = z.object({ kind: z.string(), id: Id.nullable(), name: z.string().nullable() })
const HandsOfTicket = z.object({
  team: z
    .object({
      at: Instant,
      by: By,
      how: z.enum(['rule', 'asked', 'item', 'source', 'category', 'service', 'handed', 'none']).openapi({
        description:
          'asked: named as it opened; item: by what was ordered from the catalogue; source: the integration’s; rule: `route` says which; none: nothing says whose it is',
      }),
      from: z
        .record(z.string(), z.string())
        .nullable()
        .openapi({ description: 'the category or service that said so' }),
      passed: z
        .array(z.object({ place: z.number(), version: z.number(), name: z.string().nullable() }))
        .openapi({ description: 'routing rules that held too, but whose team is archived' }),
    })
    .nullable(),
  assignee: z
    .object({
      at: Instant,
      by: By,
      how: z.enum(['turn', 'load', 'taken', 'handed']),
      among: z.number().nullable().openapi({ description: 'how many could have had it' }),
      load: z.number().nullable().openapi({ description: 'what the chosen one held then' }),
      passed: z
        .array(
          Refused.extend({
            code: z
              .enum([...Refused.shape.code.options, 'later', 'heavier'])
              .openapi({ description: 'later: their turn comes after; heavier: they held more' }),
            load: z.number().optional(),
          }),
        )
        .openapi({ description: 'who was passed over, and why' }),
    })
    .nullable(),
})

/** As much of a question as its answer needs to be told in words. */
const AnsweredQuestion = z.object({
  key: z.string(),
  label: Keyed.shape.name,
  type: z.string(),
  options: z.array(z.object({ value: z.string(), label: Keyed.shape.name })),
})

export const Ticket = TicketLine.extend({
  waits: WaitOfTicket.nullable().openapi({ description: 'why the desk gave it to nobody of its team' }),
  route: RouteOfTicket.nullable().openapi({ description: 'why it lies in its team, where a rule said so' }),
  hands: HandsOfTicket.nullable().openapi({
    description: 'why it lies in its team, and why its assignee has it; told to those who work on it',
  }),
  description: z.string(),
  symptom_key: z.string().nullable(),
  location: z.string().nullable(),
  language: z.string(),
  fields: z.record(z.string(), z.unknown()),
  people: z.record(z.string(), z.string()).openapi({ description: 'names of those who stand in `fields`' }),
  questions: z
    .array(AnsweredQuestion)
    .openapi({ description: 'what `fields` answers of the form that it was filed with' }),
  tags: z.array(z.string()),
  reporter: Named.nullable(),
  ci: Named.nullable(),
  source: z.string().nullable(),
  external_id: z.string().nullable(),
  resolution_code: z.string().nullable(),
  reopen_count: z.number(),
  /** When an incident whose alerts have all recovered will resolve by itself. */
  recovers_at: Instant.nullable(),
  /** The integration in shadow that opened it: nobody is paged. */
  shadow: z.object({ id: Id, name: z.string() }).nullable(),
  /** Of a problem, and of a change, what is their own; null for other kinds, and for a requester. */
  problem: Problem,
  change: Change,
  approval: RequestApproval.openapi({ description: 'of a request that needs one' }),
  major_incident: Major.openapi({ description: 'for those who work on it' }),
  /** Workarounds published for it. */
  known_errors: z.array(KnownError),
  alerts: z.array(AlertOfTicket),
  pages: z.array(PageOfTicket),
  links: z.array(
    z.object({ kind: LinkKind, outward: z.boolean(), number: z.string(), title: z.string(), state: State }),
  ),
  /** What it was merged into, where the reader may see that; and those merged into it that they may see. */
  merged_into: z.string().nullable(),
  merged: z.array(z.string()),
  attachments: z.array(
    z.object({
      id: Id,
      name: z.string(),
      content_type: z.string(),
      size: z.number(),
      preview: z
        .enum(['image', 'text'])
        .nullable()
        .openapi({ description: 'how it may be looked at, with `inline=1`; null: only to be saved' }),
      visibility: z.string(),
      message_id: Id.nullable(),
      merged_from: z.string().nullable().openapi({ description: 'the merged ticket that it stands in' }),
      created_at: Instant,
    }),
  ),
  watchers: z.array(Named),
  statuses: z
    .array(
      StatusRef.extend({
        state: State,
        pending_reason: PendingReason.nullable(),
        move: z.string().nullable().openapi({ description: 'the step that leads there; null: `status`' }),
      }),
    )
    .openapi({ description: 'those that the reader may give it now' }),
  /** What the reader may do here, so that a page shows only buttons that work. */
  may: z.array(z.string()),
}).openapi('Ticket')
