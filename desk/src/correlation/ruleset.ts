import { z } from 'zod'
import type { Tx } from '../activity/index.ts'
import { Patience } from '../alert/index.ts'
import { Rulebook } from '../ruleset/index.ts'

const id = z.uuid().nullable()
const grade = z.enum(['high', 'medium', 'low']).nullable()
const minutes = z.int().min(1).max(10_080)

/** One rule; the first whose condition holds decides. */
export const Rule = z.strictObject({
  /** Stays the same over versions, whatever the rule is called. */
  id: z.uuid(),
  name: z.string().trim().min(1).max(120),
  enabled: z.boolean(),
  /** CEL over an event: true where the rule decides. */
  when: z.string().min(1).max(2_000),
  /** Alerts that are equal in these are one ticket's: `service`, `labels.alertname`, `integration`, … */
  group_by: z.array(z.string().regex(/^[a-z_]+(\.[\w./:-]{1,100})?$/)).max(8),
  /** An alert joins while the last one came less than this before; null: while the ticket is open. */
  window_minutes: minutes.nullable(),
  opens: z.enum(['incident', 'request', 'change_event', 'nothing']),
  /** A person confirms before anything is opened. */
  confirm: z.boolean(),
  /** null: from the severity. */
  impact: grade,
  urgency: grade,
  /** null: from the alert's service, else the integration's. */
  service_id: id,
  team_id: id,
  escalation_policy_id: id,
  resolve_on: z.enum(['first', 'last', 'all', 'never']),
  /** Beyond so many tickets in an hour, the rule's last one gathers the rest. None: no limit of its own. */
  most_per_hour: z.int().min(1).max(10_000).nullish(),
  /** null: the integration's. */
  patience: Patience.nullable(),
})
export type Rule = z.infer<typeof Rule>

/** What is asked beside the rules, above any of them. */
export const Beside = z.strictObject({
  /** The same configuration item, seen by another monitoring system. */
  same_ci: z.strictObject({ on: z.boolean(), window_minutes: minutes }),
  /** What something depends on has failed: its alerts are symptoms. */
  service_map: z.strictObject({ on: z.boolean(), window_minutes: minutes }),
  /** Beyond so many tickets opened in so long, one gathers the rest. */
  storm: z.strictObject({ on: z.boolean(), openings: z.int().min(2).max(10_000), window_minutes: minutes }),
})

export const RulesetBody = z.strictObject({
  rules: z
    .array(Rule)
    .max(500)
    .refine((rules) => new Set(rules.map((rule) => rule.id)).size === rules.length, {
      message: 'each rule needs an id of its own',
    }),
  beside: Beside,
})
export type RulesetBody = z.infer<typeof RulesetBody>

export interface Ruleset extends RulesetBody {
  version: number
}

/** What holds until somebody publishes rules: version 1. */
export const NO_RULES: Ruleset = {
  version: 1,
  rules: [],
  beside: {
    same_ci: { on: true, window_minutes: 15 },
    service_map: { on: true, window_minutes: 15 },
    storm: { on: false, openings: 20, window_minutes: 5 },
  },
}

/** The rules by which alerts find their tickets, version by version. */
export const RULES = new Rulebook<RulesetBody>('ruleset', NO_RULES)

/** The rules in force now, or of one version. */
export const readRuleset = (db: Parameters<typeof RULES.read>[0], version?: number): Promise<Ruleset> =>
  RULES.read(db, version)

/** Publishes rules as the next version. Expressions are checked by the caller's `checkRuleset`. */
export const publishRuleset = (
  tx: Tx,
  { base, note, ...body }: RulesetBody & { base: number; note?: string },
): Promise<number> => RULES.publish(tx, { base, note, body })
