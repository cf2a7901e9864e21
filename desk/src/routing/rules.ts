import { z } from 'zod'
import { expressions } from '../expression/index.ts'
import { compileConditions, keepLatest, Rulebook } from '../ruleset/index.ts'
import { ROUTING_FACTS } from './facts.ts'

const grade = z.enum(['high', 'medium', 'low']).nullable()

/** A skill and how well it must be mastered: 1 knows of it, 5 teaches it. */
export const SkillLevel = z.strictObject({ skill_id: z.uuid(), level: z.int().min(1).max(5) })
export type SkillLevel = z.infer<typeof SkillLevel>

/** One rule; the first whose condition holds decides whose a ticket is. */
export const RoutingRule = z.strictObject({
  /** Stays the same over versions, whatever the rule is called. */
  id: z.uuid(),
  name: z.string().trim().min(1).max(120),
  enabled: z.boolean(),
  /** CEL over a ticket about to open: true where the rule decides. */
  when: z.string().min(1).max(2_000),
  team_id: z.uuid(),
  /** null: as it was given; together they make the priority. */
  impact: grade,
  urgency: grade,
  /** What whoever gets it must know, beside what its service and category need. */
  skills: z.array(SkillLevel).max(8),
})
export type RoutingRule = z.infer<typeof RoutingRule>

export const RoutingBody = z.strictObject({
  rules: z
    .array(RoutingRule)
    .max(500)
    .refine((rules) => new Set(rules.map((rule) => rule.id)).size === rules.length, {
      message: 'each rule needs an id of its own',
    }),
})
export type RoutingBody = z.infer<typeof RoutingBody>
export type RoutingSet = RoutingBody & { version: number }

/** The rules by which tickets find their team, version by version. */
export const ROUTING = new Rulebook<RoutingBody>('routing_ruleset', { rules: [] })

export const compileRouting = expressions(ROUTING_FACTS)

export interface RoutingRules {
  version: number
  /** Those switched on, in their order, with their place among all. */
  live: ReturnType<typeof compileConditions<RoutingRule>>
}

/** Rules ready to decide. Throws `invalid` naming those whose condition is wrong. */
export const compileRoutes = ({ version, rules }: RoutingSet): RoutingRules => ({
  version,
  live: compileConditions(compileRouting, rules).filter(({ rule }) => rule.enabled),
})

export const latestRoutes = keepLatest<RoutingRules>()
