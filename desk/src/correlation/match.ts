import { inMilliseconds, type Terms } from '../alert/index.ts'
import { DeskError } from '../activity/index.ts'
import { fitKey } from '../event/index.ts'
import { type Expression, expressions, WrongExpression } from '../expression/index.ts'
import { FACT_TYPES, type Facts, fieldOf } from '../event/index.ts'
import { indexRules } from './rule-index.ts'
import { NO_RULES, type Rule, type Ruleset } from './ruleset.ts'

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
  const errors: { path: string; message: string }[] = []
  const compiled = set.rules.flatMap((rule, index) => {
    try {
      const terms = rule.patience && inMilliseconds(rule.patience)
      return [{ rule, terms, when: compile(rule.when, 'bool') }]
    } catch (error) {
      if (!(error instanceof WrongExpression)) throw error
      errors.push({ path: `rules.${index}.when`, message: error.message })
      return []
    }
  })
  if (errors.length > 0)
    throw new DeskError('invalid', 'Some rules have a condition that cannot be used.', { errors })
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

/** A condition over facts that the event does not have does not hold. */
function holds(when: Expression, facts: Facts): boolean {
  try {
    return when(facts) === true
  } catch {
    return false
  }
}

const KEPT = 4
const known = new Map<number, Rules>([[NO_RULES.version, compileRules(NO_RULES)]])

/** The rules of a version, compiled once: a version never changes. */
export async function rulesOf(version: number, read: () => Promise<Ruleset>): Promise<Rules> {
  const before = known.get(version)
  if (before) return before
  const rules = compileRules(await read())
  known.set(version, rules)
  if (known.size > KEPT) known.delete([...known.keys()].find((one) => one !== NO_RULES.version)!)
  return rules
}
