import type { Priority } from '@tocsin/db'
import type { PolicyTerms, PolicyVersion } from './policies.ts'

/** What the conditions ask of a ticket. Trees come with the ancestors, nearest first. */
export interface Asked {
  kind: string
  priority: Priority
  serviceId: string | null
  teamId: string | null
  categoryIds: string[]
  organisationIds: string[]
  groupIds: string[]
}

/** Which condition held, and by what. */
export interface Matched {
  by: 'kind' | 'service' | 'priority' | 'group' | 'category' | 'organisation'
  value: string
}

/** Why this policy, kept with every clock that it starts. */
export interface WhyPolicy {
  rule: 'first-policy-by-position'
  policy: string
  version: number
  /** How many were asked before and did not cover the ticket. */
  passed: number
  matched: Matched[]
}

export interface Choice {
  policy: PolicyVersion
  why: WhyPolicy
}

/** The first policy in order whose conditions all hold. */
export function choosePolicy(inOrder: PolicyVersion[], asked: Asked): Choice | undefined {
  for (const [passed, policy] of inOrder.entries()) {
    const matched = matchOf(policy, asked)
    if (!matched) continue
    const { policyId, version } = policy
    return { policy, why: { rule: 'first-policy-by-position', policy: policyId, version, passed, matched } }
  }
  return undefined
}

/** What made the terms cover the ticket, or null when they do not. */
export function matchOf(terms: PolicyTerms, asked: Asked): Matched[] | null {
  const { conditions, kinds, serviceIds } = terms
  const matched: Matched[] = [{ by: 'kind', value: asked.kind }]
  if (!kinds.includes(asked.kind)) return null
  const demands: [Matched['by'], string[] | undefined, (string | null)[]][] = [
    ['service', serviceIds, [asked.serviceId]],
    ['priority', conditions.priorities, [asked.priority]],
    ['group', conditions.group_ids, asked.groupIds],
    ['category', conditions.category_ids, asked.categoryIds],
    ['organisation', conditions.organisation_ids, asked.organisationIds],
  ]
  for (const [by, wanted = [], held] of demands) {
    if (wanted.length === 0) continue
    const value = held.find((one) => one !== null && wanted.includes(one))
    if (value === undefined || value === null) return null
    matched.push({ by, value })
  }
  return matched
}
