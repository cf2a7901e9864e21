import type { Kind } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { ExplainedClock } from '#lib/ticket/ticket-page.ts'
import { kindWord } from '#lib/ticket/words.ts'

type Matched = NonNullable<ExplainedClock['why']>['matched'][number]

const conditions: Record<string, (value: string) => string> = {
  kind: (value) => m.sla_by_kind({ value: kindWord(value as Kind) }),
  service: (value) => m.sla_by_service({ value }),
  priority: (value) => m.sla_by_priority({ value }),
  group: (value) => m.sla_by_group({ value }),
  category: (value) => m.sla_by_category({ value }),
  organisation: (value) => m.sla_by_organisation({ value }),
}
const condition = ({ by, value, name }: Matched) => conditions[by]?.(name ?? value) ?? value

/** Why this policy promised it, and by which versions it is counted; nothing of what another desk measured. */
export function whyWords({ policy, calendar, why }: ExplainedClock): string {
  if (!policy || !calendar || !why) return ''
  const versions = {
    policy: policy.name,
    calendar: calendar.name,
    calendarVersion: calendar.version,
    zone: calendar.zone,
  }
  if (why.passed === null) return m.sla_versions({ ...versions, policyVersion: policy.version })
  return m.sla_why_policy({
    ...versions,
    version: policy.version,
    passed: why.passed,
    matched: why.matched.map(condition).join(', '),
  })
}
