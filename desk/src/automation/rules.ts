import { z } from 'zod'
import { compileConditions, keepLatest, Rulebook } from '../ruleset/index.ts'
import { compileTrigger } from '../trigger/index.ts'
import { RuleAction } from './does.ts'
import { RuleTrigger } from './looks.ts'

export const AutomationRule = z.strictObject({
  /** Stays the same over versions, whatever the rule is called. */
  id: z.uuid(),
  name: z.string().trim().min(1).max(120),
  enabled: z.boolean(),
  on: RuleTrigger,
  /** CEL over the ticket as it stood, and the line: true where the rule acts. */
  when: z.string().min(1).max(2_000),
  /** None only where a schedule opens a ticket. */
  actions: z.array(RuleAction).max(10),
  /** Rules after it are not asked once it holds. */
  last: z.boolean(),
})
export type AutomationRule = z.infer<typeof AutomationRule>

export const AutomationBody = z.strictObject({
  rules: z
    .array(AutomationRule)
    .max(200)
    .refine((rules) => new Set(rules.map((rule) => rule.id)).size === rules.length, {
      message: 'each rule needs an id of its own',
    }),
})
export type AutomationBody = z.infer<typeof AutomationBody>
export type AutomationSet = AutomationBody & { version: number }

/** The rules that act on tickets, version by version. */
export const AUTOMATION = new Rulebook<AutomationBody>('automation_ruleset', { rules: [] })

export interface AutomationRules {
  version: number
  /** Those switched on, in their order, with their place among all. */
  live: ReturnType<typeof compileConditions<AutomationRule>>
}

/** Rules ready to decide. Throws `invalid` naming those whose condition is wrong. */
export const compileAutomation = ({ version, rules }: AutomationSet): AutomationRules => ({
  version,
  live: compileConditions(compileTrigger, rules).filter(({ rule }) => rule.enabled),
})

export const latestAutomation = keepLatest<AutomationRules>()
