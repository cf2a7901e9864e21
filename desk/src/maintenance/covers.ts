import { FACT_TYPES, type Facts, type Subject } from '../event/index.ts'
import { type Expression, expressions, WrongExpression } from '../expression/index.ts'
import type { Coverage } from './schema.ts'

export interface Window extends Coverage {
  id: string
  revision: number
  /** When its present span ends, in milliseconds. */
  until: number
}

interface Compiled {
  matches: Expression[]
  condition: Expression | null
}

const compile = expressions({ ...FACT_TYPES, value: 'string' })
const known = new Map<string, { revision: number; test: (covered: Covered) => boolean }>()
const KEPT = 2_000

/** Checks what only a compiler can: patterns and the condition. Throws `WrongExpression`. */
export function compileCoverage({ matchers, condition }: Pick<Coverage, 'matchers' | 'condition'>): Compiled {
  return {
    // Alertmanager anchors its patterns at both ends.
    matches: matchers.map(({ name, value, is_regex }) =>
      is_regex
        ? compile(`value.matches(${JSON.stringify(`^(?:${value})$`)})`, 'bool')
        : (facts) => facts.value === value || (name === '' && value === ''),
    ),
    condition: condition === null ? null : compile(condition, 'bool'),
  }
}

/** An alert, as a window asks about it. */
export interface Covered {
  facts: Facts
  subject: Subject
  integrationId: string
}

/** Whether the window covers it: everything that the window names must hold. */
export function covers(window: Window, covered: Covered): boolean {
  const before = known.get(window.id)
  if (before?.revision === window.revision) return before.test(covered)
  const made = { revision: window.revision, test: covererOf(window) }
  known.set(window.id, made)
  if (known.size > KEPT) known.delete(known.keys().next().value!)
  return made.test(covered)
}

/** What decides for this coverage, compiled once. Throws `WrongExpression`. */
export function covererOf(coverage: Coverage): (covered: Covered) => boolean {
  const { service_ids, ci_ids, matchers } = coverage
  const { matches, condition } = compileCoverage(coverage)
  return ({ facts, subject, integrationId }) => {
    if (coverage.integration_id && coverage.integration_id !== integrationId) return false
    if (service_ids.length > 0 && !(subject.service && service_ids.includes(subject.service.id))) return false
    if (ci_ids.length > 0 && !(subject.ci && ci_ids.includes(subject.ci.id))) return false
    const all = matchers.every(({ name, is_equal }, index) => {
      const value = Object.hasOwn(facts.labels, name) ? facts.labels[name]! : ''
      return (matches[index]!({ ...facts, value }) === true) === is_equal
    })
    return all && (condition === null || holds(condition, facts))
  }
}

function holds(condition: Expression, facts: Facts): boolean {
  try {
    return condition({ ...facts, value: '' }) === true
  } catch {
    // A condition over what the alert does not have does not hold.
    return false
  }
}

export { WrongExpression }
