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

export const MaintenanceInput = z.strictObject({
  kind: z.enum(['window', 'silence']),
  reason: z.string().trim().min(1).max(500),
  service_ids: z.array(z.uuid()).max(200).default([]),
  ci_ids: z.array(z.uuid()).max(1_000).default([]),
  matchers: z.array(Matcher).max(50).default([]),
  condition: z.string().trim().min(1).max(2_000).nullable().default(null),
  integration_id: z.uuid().nullable().default(null),
  starts_at: z.coerce.date(),
  /** Of its first span. */
  ends_at: z.coerce.date(),
  zone: z.string().max(60).default('UTC'),
  /** RFC 5545 without DTSTART; needs UNTIL or COUNT. null: once. */
  rrule: z.string().max(300).nullable().default(null),
  change_id: z.uuid().nullable().default(null),
})
export type MaintenanceInput = z.infer<typeof MaintenanceInput>
