import { type Facts, fieldOf } from '../event/index.ts'
import { type Need, needsOf } from '../expression/index.ts'

/** Those that may hold for these facts, in their order. */
export type Candidates<T> = (facts: Facts) => T[]

/**
 * Sorts conditions by a text that each of them asks for, so that of hundreds of rules only the few run whose text is
 * there. Of what a rule asks for, the fact that tells most rules apart is taken; one that asks for none always runs.
 */
export function indexRules<T>(rules: T[], conditionOf: (rule: T) => string): Candidates<T> {
  const needs = rules.map((rule) => needsOf(conditionOf(rule)))
  const variety = new Map<string, Set<string>>()
  for (const { path, values } of needs.flat())
    variety.set(path, new Set([...(variety.get(path) ?? []), ...values]))
  const always: number[] = []
  const byFact = new Map<string, Map<string, number[]>>()
  for (const [place, asked] of needs.entries()) {
    const need = asked.reduce<Need | null>(
      (best, one) => (best && variety.get(best.path)!.size >= variety.get(one.path)!.size ? best : one),
      null,
    )
    if (!need) always.push(place)
    else
      for (const value of new Set(need.values)) {
        const places = byFact.get(need.path) ?? new Map<string, number[]>()
        byFact.set(need.path, places.set(value, [...(places.get(value) ?? []), place]))
      }
  }
  return (facts) => {
    const places = [...byFact].flatMap(([path, byValue]) => byValue.get(fieldOf(facts, path)) ?? [])
    return [...always, ...places].toSorted((a, b) => a - b).map((place) => rules[place]!)
  }
}
