import { holds } from '../ruleset/index.ts'
import type { TriggerFacts } from '../trigger/index.ts'
import type { RuleTrigger } from './looks.ts'
import type { AutomationRules } from './rules.ts'

/** What a rule may look at: a line of the record, that nothing has happened for long, or that its time has come. */
export interface Happening {
  kind: 'line' | 'unchanged' | 'schedule' | 'before'
  verb: string
  after: unknown
  /** Of all but a line: which rule waited for it. */
  rule?: string
  facts: TriggerFacts
  /** The rules whose effects led to it, the first first. */
  chain: readonly string[]
}

export type Cut = 'loop' | 'depth' | 'rate'

export interface Decided {
  rule: string
  place: number
  kind: RuleTrigger['kind']
  /** null: it acts. */
  cut: Cut | null
  /** What the condition looked at. */
  matched: Record<string, string>
}

/** So many rules may follow from each other. */
export const MOST_DEEP = 5
/** So often may one rule act on one ticket in an hour, whatever the cause. */
export const MOST_AN_HOUR = 20

/**
 * Which rules act on what happened, in their order. A rule never acts on its own effect; when its effects come back to
 * it by way of others it is a loop, which is cut and reported, and so are too many rules in a row and too many in
 * an hour. `lately`: how often a rule acted on this ticket in the hour before.
 */
export function decideRules(
  { live }: AutomationRules,
  happening: Happening,
  lately: (rule: string) => number,
): Decided[] {
  const decided: Decided[] = []
  for (const { rule, place, when } of live) {
    if (happening.chain.at(-1) === rule.id || !looksAt(rule.on, rule.id, happening)) continue
    const seen = new Set<string>()
    if (!holds(when, watched(happening.facts, seen))) continue
    const matched = Object.fromEntries(
      [...seen].map((name) => [name, shown(happening.facts[name as keyof TriggerFacts])]),
    )
    decided.push({
      rule: rule.id,
      place,
      kind: rule.on.kind,
      cut: cutOf(rule.id, happening, lately),
      matched,
    })
    if (rule.last) break
  }
  return decided
}

function cutOf(rule: string, { chain }: Happening, lately: (rule: string) => number): Cut | null {
  if (chain.includes(rule)) return 'loop'
  if (chain.length >= MOST_DEEP) return 'depth'
  return lately(rule) >= MOST_AN_HOUR ? 'rate' : null
}

/** Whether the trigger of a rule is this. */
function looksAt(on: RuleTrigger, rule: string, { kind, verb, after, rule: waited }: Happening): boolean {
  if (kind !== 'line') return kind === on.kind && waited === rule
  if (on.kind === 'activity') return (on.verbs as string[]).includes(verb)
  if (on.kind !== 'sla') return false
  const mark = (after ?? {}) as { target?: unknown; percent?: unknown }
  const percent = verb === 'breach' ? 100 : verb === 'sla-mark' ? mark.percent : undefined
  const target = String(mark.target).split(':')[0]
  return on.percents.some((one) => one === percent) && (on.target === null || on.target === target)
}

// Words of people are never an explanation: the condition is shown, and these facts are left out.
const FREE_TEXT = new Set(['title', 'words', 'fields', 'requester', 'assignee', 'before', 'after'])

/** The same facts, noting which of them are looked at: they are the reason. */
const watched = (facts: TriggerFacts, seen: Set<string>): TriggerFacts =>
  new Proxy(facts, {
    get(target, name) {
      if (typeof name === 'string' && Object.hasOwn(target, name) && !FREE_TEXT.has(name)) seen.add(name)
      return Reflect.get(target, name) as unknown
    },
  })

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.join(' / ')
  if (typeof value === 'object' && value !== null) return (value as { name?: string }).name ?? ''
  return String(value)
}
