import type { Impact } from '@tocsin/db'
import { holds } from '../ruleset/index.ts'
import type { RoutingFacts } from './facts.ts'
import type { RoutingRules, SkillLevel } from './rules.ts'

export interface Route {
  version: number
  /** Its id. */
  rule: string
  /** Its place in the list then, from 1. */
  place: number
  teamId: string
  impact: Impact | null
  urgency: Impact | null
  needs: SkillLevel[]
  /** What the condition looked at. */
  matched: Record<string, string>
}

/** What the rules say of a ticket. */
export interface Decided {
  route: Route | null
  /** Rules before that one which held too, but whose team is no more. */
  passed: { version: number; place: number }[]
}

// Words of people are never an explanation: the condition is shown, and these facts are left out.
const FREE_TEXT = new Set(['title', 'words'])

/** The first rule that holds says whose the ticket is. One whose team is no more decides nothing, and is told. */
export function decideRoute(
  { version, live }: RoutingRules,
  facts: RoutingFacts,
  teams: ReadonlySet<string>,
): Decided {
  const passed: Decided['passed'] = []
  for (const { rule, place, when } of live) {
    const seen = new Set<string>()
    if (!holds(when, watched(facts, seen))) continue
    if (!teams.has(rule.team_id)) {
      passed.push({ version, place })
      continue
    }
    const route = {
      version,
      rule: rule.id,
      place,
      teamId: rule.team_id,
      impact: rule.impact,
      urgency: rule.urgency,
      needs: rule.skills,
      matched: Object.fromEntries([...seen].map((name) => [name, shown(facts[name as keyof RoutingFacts])])),
    }
    return { route, passed }
  }
  return { route: null, passed }
}

/** The same facts, noting which of them are looked at: they are the reason. */
const watched = (facts: RoutingFacts, seen: Set<string>): RoutingFacts =>
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
