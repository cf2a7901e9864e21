import { z } from 'zod'
import { compileConditions, keepLatest, Rulebook } from '../ruleset/index.ts'
import { PENDING_REASONS, STATES } from '../ticket/index.ts'
import { compileTrigger, TRIGGER_VERBS } from '../trigger/index.ts'

const grade = z.enum(['high', 'medium', 'low'])
const Text = z.string().trim().min(1).max(4_000)

/** When a rule looks: at what happens, at a mark of a clock, or once nothing has happened for long. */
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
    minutes: z.int().min(5).max(525_600),
    states: z
      .array(z.enum(STATES as [string, ...string[]]))
      .min(1)
      .max(STATES.length),
  }),
])
export type RuleTrigger = z.infer<typeof RuleTrigger>

const RULE_MOVES = ['acknowledge', 'start', 'pend', 'resume', 'resolve', 'close', 'reopen', 'cancel'] as const
export type RuleMove = (typeof RULE_MOVES)[number]

export const RuleAction = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('set'),
    impact: grade.optional(),
    urgency: grade.optional(),
    service_id: z.uuid().optional(),
    category_id: z.uuid().optional(),
  }),
  z.strictObject({ do: z.literal('assign'), team_id: z.uuid().nullable(), assignee_id: z.uuid().nullable() }),
  z.strictObject({ do: z.literal('route') }),
  z.strictObject({
    do: z.literal('move'),
    move: z.enum(RULE_MOVES),
    reason: z.enum(PENDING_REASONS as [string, ...string[]]).optional(),
  }),
  z.strictObject({ do: z.literal('tag'), names: z.array(z.string().trim().min(1).max(60)).min(1).max(10) }),
  z.strictObject({ do: z.literal('untag'), name: z.string().trim().min(1).max(60) }),
  z.strictObject({ do: z.literal('note'), text: Text }),
  z.strictObject({ do: z.literal('reply'), text: Text }),
  z.strictObject({
    do: z.literal('tell'),
    person_ids: z.array(z.uuid()).max(20),
    team_ids: z.array(z.uuid()).max(20),
    text: Text,
  }),
  z.strictObject({ do: z.literal('page'), policy_id: z.uuid() }),
  z.strictObject({
    do: z.literal('open'),
    kind: z.enum(['incident', 'request', 'problem', 'change']),
    title: z.string().trim().min(1).max(300),
    text: z.string().trim().max(4_000),
    link: z.enum(['caused_by', 'blocks', 'relates']),
  }),
  z.strictObject({ do: z.literal('call'), webhook_id: z.uuid() }),
])
export type RuleAction = z.infer<typeof RuleAction>

export const AutomationRule = z.strictObject({
  /** Stays the same over versions, whatever the rule is called. */
  id: z.uuid(),
  name: z.string().trim().min(1).max(120),
  enabled: z.boolean(),
  on: RuleTrigger,
  /** CEL over the ticket as it stood, and the line: true where the rule acts. */
  when: z.string().min(1).max(2_000),
  actions: z.array(RuleAction).min(1).max(10),
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
