import { z } from '@hono/zod-openapi'
import { OPEN_STATES, type PolicyTerms } from '@tocsin/desk'
import { Id } from '../route.ts'
import { PendingReason } from './tickets/schema.ts'

const Milliseconds = z
  .number()
  .int()
  .nullable()
  .openapi({ description: 'working milliseconds; null: no promise' })
const Target = z.strictObject({
  response_ms: Milliseconds,
  resolution_ms: Milliseconds,
  update_ms: Milliseconds.optional().openapi({
    description: 'news to the requester at least so often while it is open',
  }),
  calendar_id: Id.nullable().optional().openapi({ description: 'another calendar than the policy’s' }),
})
export const Targets = z.strictObject({
  P1: Target.optional(),
  P2: Target.optional(),
  P3: Target.optional(),
  P4: Target.optional(),
  P5: Target.optional(),
})
const Priority = z.enum(['P1', 'P2', 'P3', 'P4', 'P5'])
const Conditions = z
  .strictObject({
    priorities: z.array(Priority).max(5).optional(),
    group_ids: z.array(Id).max(100).optional().openapi({ description: 'the requester is in one of them' }),
    category_ids: z.array(Id).max(500).optional().openapi({ description: 'with what is below them' }),
    organisation_ids: z.array(Id).max(500).optional().openapi({ description: 'with what belongs to them' }),
  })
  .openapi({ description: 'each that is given must hold' })
const Ola = z.strictObject({
  team_id: Id,
  calendar_id: Id.nullable().openapi({ description: 'null: the policy’s' }),
  targets_ms: z.partialRecord(Priority, z.number().int()),
})
const MarkEscalation = z.strictObject({
  target: z.enum(['response', 'resolution', 'update', 'ola']),
  percent: z
    .union([z.literal(50), z.literal(75), z.literal(90), z.literal(100)])
    .openapi({ description: '100 is the breach' }),
  escalation_policy_id: Id.nullable().openapi({ description: 'pages by this policy' }),
  person_ids: z.array(Id).max(50).openapi({ description: 'told by mail' }),
  team_ids: z
    .array(Id)
    .max(50)
    .openapi({ description: 'whoever is on call there is told, else its managers' }),
})

/** What an SLA policy promises and to whom. */
export const Terms = z.strictObject({
  kinds: z.array(z.enum(['incident', 'request', 'problem', 'change'])).min(1),
  service_ids: z.array(Id).max(500).openapi({ description: 'empty: every service' }),
  conditions: Conditions,
  calendar_id: Id,
  targets: Targets,
  pause_reasons: z
    .array(PendingReason)
    .max(50)
    .nullable()
    .openapi({ description: 'pending reasons that stop the clocks; null: every one' }),
  pause_states: z
    .array(z.enum(OPEN_STATES as [string, ...string[]]))
    .max(50)
    .openapi({ description: 'states that stop the clocks beside pending' }),
  olas: z.array(Ola).max(100).openapi({ description: 'the time that one team may have a ticket' }),
  escalations: z.array(MarkEscalation).max(40),
})

const FIELDS = {
  kinds: 'kinds',
  service_ids: 'serviceIds',
  conditions: 'conditions',
  calendar_id: 'calendarId',
  targets: 'targets',
  pause_reasons: 'pauseReasons',
  pause_states: 'pauseStates',
  olas: 'olas',
  escalations: 'escalations',
} as const satisfies Record<keyof z.infer<typeof Terms>, keyof PolicyTerms>

/** Only the terms that were sent. */
export const termsOf = (sent: Partial<z.infer<typeof Terms>>): Partial<PolicyTerms> =>
  Object.fromEntries(
    Object.entries(FIELDS).flatMap(([field, term]) => {
      const value = sent[field as keyof typeof FIELDS]
      return value === undefined ? [] : [[term, value]]
    }),
  )

export const shownTerms = (terms: PolicyTerms): z.infer<typeof Terms> =>
  Object.fromEntries(Object.entries(FIELDS).map(([field, term]) => [field, terms[term]])) as z.infer<
    typeof Terms
  >
