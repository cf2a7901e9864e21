import type { Ref } from '#lib/api/types.ts'
import { instantOf, wallTime } from '#lib/time/zone.ts'
import { type Repeat, ruleOf } from './recurrence.ts'
import type { Maintenance, Matcher } from './types.ts'

/** The form of a window before it is one. Times are wall times in its zone. */
export interface Draft {
  reason: string
  services: string[]
  items: Ref[]
  matchers: Matcher[]
  source: string
  condition: string
  /** Empty: now. */
  start: string
  end: string
  zone: string
  repeat: Repeat
  lastDay: string
  rule: string
}

/** Whether anything is named at all: nobody silences everything. */
export const names = ({ services, items, matchers, source, condition }: Draft): boolean =>
  services.length > 0 ||
  items.length > 0 ||
  matchers.some(({ name }) => name) ||
  source !== '' ||
  condition.trim() !== ''

/** What the API takes, at this instant (epoch milliseconds). */
export function bodyOf(draft: Draft, now: number) {
  const { start, end, zone, repeat, rule } = draft
  const startsAt = start ? instantOf(start, zone) : now
  const own = repeat === 'own' ? rule.trim() || null : null
  return {
    kind: start ? 'window' : 'silence',
    reason: draft.reason,
    service_ids: draft.services,
    ci_ids: draft.items.map(({ id }) => id),
    matchers: draft.matchers.filter(({ name }) => name),
    condition: draft.condition.trim() || null,
    integration_id: draft.source || null,
    starts_at: new Date(startsAt).toISOString(),
    ends_at: new Date(end ? instantOf(end, zone) : startsAt).toISOString(),
    zone,
    rrule: own ?? ruleOf(repeat, start || wallTime(now, zone), draft.lastDay, zone),
  }
}

/** The form of one that there is. */
export const draftOf = ({ reason, covers, starts_at, ends_at, zone, rrule }: Maintenance): Draft => ({
  reason,
  services: covers.services.map(({ id }) => id),
  items: covers.cis,
  matchers: covers.matchers,
  source: covers.integration?.id ?? '',
  condition: covers.condition ?? '',
  start: wallTime(Date.parse(starts_at), zone),
  end: wallTime(Date.parse(ends_at), zone),
  zone,
  repeat: rrule === null ? 'once' : 'own',
  lastDay: '',
  rule: rrule ?? '',
})

/** What of it has changed: what nobody touched stays to the millisecond as it was. */
export function changesOf(before: Draft, draft: Draft, now: number): Partial<ReturnType<typeof bodyOf>> {
  const was = bodyOf(before, now)
  const { kind: _, ...body } = bodyOf(draft, now)
  return Object.fromEntries(
    Object.entries(body).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name as keyof typeof was]),
    ),
  )
}
