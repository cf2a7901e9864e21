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

const isId = (value: string) => /^[0-9a-f-]{36}$/.test(value)

/** The same in words for a chip; ids of teams and services by the names given. */
export function behindWords(
  asked: Record<string, string>,
  nameOf: (id: string) => string,
  zone: string,
): string {
  return Object.entries(asked)
    .map(([name, value]) => {
      if (/_(from|to|at)$/.test(name))
        return `${name.replace('_', ' ')} ${dayAndTime(value, currentLocale(), zone)}`
      return isId(value) ? nameOf(value) : value
    })
    .join(' · ')
}
