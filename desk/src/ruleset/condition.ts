import { DeskError } from '../activity/index.ts'
import type { Reads } from './rulebook.ts'
import { type Expression, type expressions, WrongExpression } from '../expression/index.ts'

type Compile = ReturnType<typeof expressions>
type Facts = Record<string, unknown>

/** Rules with their condition, ready to be asked. Throws `invalid` naming `rules.N.when` of each that is wrong. */
export function compileConditions<Rule extends { when: string }>(
  compile: Compile,
  rules: readonly Rule[],
): { rule: Rule; place: number; when: Expression }[] {
  const errors: { path: string; message: string }[] = []
  const compiled = rules.flatMap((rule, index) => {
    try {
      return [{ rule, place: index + 1, when: compile(rule.when, 'bool') }]
    } catch (error) {
      if (!(error instanceof WrongExpression)) throw error
      errors.push({ path: `rules.${index}.when`, message: error.message })
      return []
    }
  })
  if (errors.length > 0)
    throw new DeskError('invalid', 'Some rules have a condition that cannot be used.', { errors })
  return compiled
}

/** A condition over facts that are not there does not hold. */
export function holds(when: Expression, facts: Facts): boolean {
  try {
    return when(facts) === true
  } catch {
    return false
  }
}

export interface Tried {
  holds: boolean
  /** Why the condition gave no answer: it names what these facts do not have. */
  error: string | null
}

/** Whoever tries a condition is answered by then, over as many as it could be tried on. */
const PATIENCE_MS = 400

/** A condition over some facts, one answer each; `error` where it cannot be used at all, and why. A slow one is tried on fewer. */
export function tryCondition(
  compile: Compile,
  when: string,
  facts: readonly Facts[],
): { error: string | null; results: Tried[] } {
  try {
    const condition = compile(when, 'bool')
    const until = performance.now() + PATIENCE_MS
    const results: Tried[] = []
    for (const one of facts) {
      results.push(tried(condition, one))
      if (performance.now() > until) break
    }
    return { error: null, results }
  } catch (error) {
    if (!(error instanceof WrongExpression)) throw error
    return { error: error.message, results: [] }
  }
}

function tried(condition: Expression, facts: Facts): Tried {
  try {
    return { holds: condition(facts) === true, error: null }
  } catch (error) {
    return { holds: false, error: (error as Error).message }
  }
}

const KEPT = 4

/** What was made of the latest versions of a record, kept: a version never changes. */
export function keepLatest<Made>() {
  const records = new WeakMap<object, Map<number, Made>>()
  return async (db: Reads, version: number, make: () => Promise<Made>): Promise<Made> => {
    // Its transactions come and go, the adapter is one as long as the connection to a record lasts.
    const record = db.getExecutor().adapter
    const known = records.get(record) ?? new Map<number, Made>()
    records.set(record, known)
    const before = known.get(version)
    if (before) return before
    const made = await make()
    known.set(version, made)
    if (known.size > KEPT) known.delete(known.keys().next().value!)
    return made
  }
}
