import { z } from 'zod'

export const Matcher = z.strictObject({
  name: z.string().min(1).max(255),
  value: z.string().max(1_000),
  is_regex: z.boolean().default(false),
  /** false: what does not match is covered. */
  is_equal: z.boolean().default(true),
})

/** What a window covers: alerts for which all of it holds. Something must be named. */
export interface Coverage {
  service_ids: string[]
  ci_ids: string[]
  matchers: z.infer<typeof Matcher>[]
  /** CEL over an event. */
  condition: string | null
  /** null: of every source. */
  integration_id: string | null
}

const terms = {
  reason: z.string().trim().min(1).max(500),
  service_ids: z.array(z.uuid()).max(200),
  ci_ids: z.array(z.uuid()).max(1_000),
  matchers: z.array(Matcher).max(50),
  condition: z.string().trim().min(1).max(2_000).nullable(),
  integration_id: z.uuid().nullable(),
  starts_at: z.coerce.date(),
  /** Of its first span. */
  ends_at: z.coerce.date(),
  zone: z.string().max(60),
  /** RFC 5545 without DTSTART; needs UNTIL or COUNT. null: once. */
  rrule: z.string().max(300).nullable(),
}

export const MaintenanceInput = z.strictObject({
  kind: z.enum(['window', 'silence']),
  ...terms,
  service_ids: terms.service_ids.default([]),
  ci_ids: terms.ci_ids.default([]),
  matchers: terms.matchers.default([]),
  condition: terms.condition.default(null),
  integration_id: terms.integration_id.default(null),
  zone: terms.zone.default('UTC'),
  rrule: terms.rrule.default(null),
  change_id: z.uuid().nullable().default(null),
})
export type MaintenanceInput = z.infer<typeof MaintenanceInput>

/** What of one that is planned or in force may change; what is not named stays. */
export const MaintenanceEdit = z.strictObject(terms).partial()
export type MaintenanceEdit = z.infer<typeof MaintenanceEdit>
