import { z } from 'zod'
import { STATES } from '../ticket/index.ts'
import { TRIGGER_VERBS } from '../trigger/index.ts'

const grade = z.enum(['high', 'medium', 'low'])

/** The ticket that a schedule opens each time it comes. Title and text may name `{{date}}`. */
export const Opens = z.strictObject({
  kind: z.enum(['incident', 'request', 'problem', 'change']),
  title: z.string().trim().min(1).max(300),
  text: z.string().trim().max(4_000),
  impact: grade,
  urgency: grade,
  service_id: z.uuid().nullable(),
  category_id: z.uuid().nullable(),
  /** null: by the routing rules, like any other. */
  team_id: z.uuid().nullable(),
  requester_id: z.uuid().nullable(),
})
export type Opens = z.infer<typeof Opens>

/** Dates that tickets have. */
export const DATES = [
  'response',
  'resolution',
  'update',
  'planned_start',
  'planned_end',
  'pending_until',
  'field',
] as const

/** At most a year. */
const MOST_MINUTES = 525_600

/** When a rule looks: at what happens, at a mark of a clock, once nothing has happened for long, or by the calendar. */
export const RuleTrigger = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('activity'), verbs: z.array(z.enum(TRIGGER_VERBS)).min(1).max(50) }),
  z.strictObject({
    kind: z.literal('sla'),
    /** null: any promise. */
    target: z.enum(['response', 'resolution', 'update', 'ola']).nullable(),
    percents: z
      .array(z.literal([50, 75, 90, 100]))
      .min(1)
      .max(4),
  }),
  z.strictObject({
    kind: z.literal('unchanged'),
    /** Five minutes to a year. */
    minutes: z.int().min(5).max(MOST_MINUTES),
    states: z
      .array(z.enum(STATES as [string, ...string[]]))
      .min(1)
      .max(STATES.length),
  }),
  z.strictObject({
    kind: z.literal('schedule'),
    /** The first time; its time of the day in the zone is that of the others, where the rule names none. */
    starts_at: z.iso.datetime({ offset: true }),
    zone: z.string().max(60),
    /** RFC 5545 without DTSTART. */
    rrule: z.string().trim().min(1).max(300),
    /** null: it looks at the tickets that are open then. */
    opens: Opens.nullable(),
  }),
  z.strictObject({
    kind: z.literal('before'),
    date: z.enum(DATES),
    /** The key of a custom field; null for any other date. */
    field: z.string().max(40).nullable(),
    /** 0: once it has come. */
    minutes: z.int().min(0).max(MOST_MINUTES),
  }),
])
export type RuleTrigger = z.infer<typeof RuleTrigger>
export type ScheduleTrigger = Extract<RuleTrigger, { kind: 'schedule' }>
export type BeforeTrigger = Extract<RuleTrigger, { kind: 'before' }>
