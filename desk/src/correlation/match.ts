import type { Tx } from '../activity/index.ts'
import { inMilliseconds, type Terms } from '../alert/index.ts'
import { fitKey } from '../event/index.ts'
import { expressions } from '../expression/index.ts'
import { compileConditions, holds, keepLatest } from '../ruleset/index.ts'
import { FACT_TYPES, type Facts, fieldOf } from '../event/index.ts'
import { indexRules } from './rule-index.ts'
import { NO_RULES, readRuleset, type Rule, type Ruleset } from './ruleset.ts'

/** The rule by which alerts find their incident where none of those that people wrote decides. */
export const DEFAULT_RULE = 'default'

export interface Match {
  /** Its id, or `default`. */
  rule: string
  version: number
  /** null: the default. */
  own: Rule | null
  /** What its tickets are told apart by. */
  groupKey: string
  /** The fields that led to the group, for the link's evidence. */
  matched: Record<string, string>
  terms: Terms | null
}

export interface Rules {
  set: Ruleset
  /** The first rule that decides; null where only the default does. */
  match: (facts: Facts) => Match | null
}

const compile = expressions(FACT_TYPES)

/** Rules ready to decide. Throws `invalid` naming the rules whose expression is wrong. */
export function compileRules(set: Ruleset): Rules {
  const compiled = compileConditions(compile, set.rules).map(({ rule, when }) => ({
    rule,
    when,
    terms: rule.patience && inMilliseconds(rule.patience),
  }))
  const candidates = indexRules(
    compiled.filter(({ rule }) => rule.enabled),
    ({ rule }) => rule.when,
  )
  return {
    set,
    match: (facts) => {
      const found = candidates(facts).find(({ when }) => holds(when, facts))
      if (!found) return null
      const { rule, terms } = found
      const matched = Object.fromEntries(rule.group_by.map((path) => [path, fieldOf(facts, path)]))
      const groupKey = fitKey(JSON.stringify(Object.values(matched)))
      return { rule: rule.id, version: set.version, own: rule, groupKey, matched, terms }
    },
  }
}

const kept = keepLatest<Rules>()
const none = compileRules(NO_RULES)

/** The rules of a version, compiled once. */
export const rulesOf = async (db: Tx['db'], version: number): Promise<Rules> =>
  version === NO_RULES.version
    ? none
    : kept(db, version, async () => compileRules(await readRuleset(db, version)))
