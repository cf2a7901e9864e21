import { m } from '#lib/paraglide/messages.js'
import { currentLocale } from '#lib/text/locale.ts'
import { dayAndTime } from '#lib/time/exact.ts'

const names = [
  'kind',
  'priority',
  'team',
  'service',
  'channel',
  'symptom',
  'created_from',
  'created_to',
  'acknowledged_from',
  'acknowledged_to',
  'responded_from',
  'responded_to',
  'resolved_from',
  'resolved_to',
  'open_at',
]

/** What a chart asks of the queue beside the filter that people type; undefined when nothing does. */
export function behindOf(search: URLSearchParams): Record<string, string> | undefined {
  const asked = names.flatMap((name) => {
    const value = search.get(name)
    return value ? [[name, value] as const] : []
  })
  return asked.length > 0 ? Object.fromEntries(asked) : undefined
}

const bounds: Record<string, (words: { at: string }) => string> = {
  created_from: m.behind_created_from,
  created_to: m.behind_created_to,
  acknowledged_from: m.behind_acknowledged_from,
  acknowledged_to: m.behind_acknowledged_to,
  responded_from: m.behind_responded_from,
  responded_to: m.behind_responded_to,
  resolved_from: m.behind_resolved_from,
  resolved_to: m.behind_resolved_to,
  open_at: m.behind_open_at,
}
const isId = (value: string) => /^[0-9a-f-]{36}$/.test(value)

/** The same in words for a chip; ids of teams and services by the names given. */
export function behindWords(
  asked: Record<string, string>,
  nameOf: (id: string) => string,
  zone: string,
): string {
  return Object.entries(asked)
    .map(([name, value]) => {
      const bound = bounds[name]
      if (bound) return bound({ at: dayAndTime(value, currentLocale(), zone) })
      return isId(value) ? nameOf(value) : value
    })
    .join(' · ')
}
