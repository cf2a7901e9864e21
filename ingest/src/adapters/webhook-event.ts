import { createHash } from 'node:crypto'
import {
  composeEvent,
  type Event,
  type MappedField,
  type Mapping,
  type Unreadable,
  unreadable,
} from '@tocsin/desk'
import type { Circumstances } from './adapter.ts'
import { writtenInstant } from './instant.ts'
import { lastWord } from './webhook-guess.ts'
import { usualSeverity, usualStatus } from './webhook-words.ts'

/** What was found for each field, in whatever form it came. */
export type Values = Partial<Record<MappedField, unknown>>

const OURS: Record<Mapping['statuses'][string], Event['kind']> = {
  firing: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
}
const KINDS = ['trigger', 'resolve', 'acknowledge', 'note', 'change', 'ping', 'test'] as const

/** The event that these values make, by the sender's words in ours. Without a title and a key there is none. */
export function eventOf(
  element: unknown,
  values: Values,
  words: Pick<Mapping, 'severities' | 'statuses'>,
  { receivedAt, zone }: Circumstances,
): Event | Unreadable {
  const text = (field: MappedField) => textOf(values[field])
  const [title, key] = [text('title'), text('dedup_key')]
  if (title === null && key === null)
    return unreadable(
      element,
      'Neither a title nor a key was found in it: see the mapping of this integration.',
    )
  const severity = text('severity')
  const severityAs = wordIn(words.severities, severity) ?? usualSeverity(severity)
  const { kind, known } = kindOf(text('kind'), text('status'), words)
  const place = [title, text('service'), text('resource'), text('host')]
  const [startsAt, endsAt] = [instant(values.starts_at, zone), instant(values.ends_at, zone)]
  const ends = kind === 'resolve'
  const event = composeEvent(
    {
      kind,
      dedupKey:
        key ?? `derived:${createHash('sha256').update(JSON.stringify(place)).digest('hex').slice(0, 32)}`,
      severity,
      ...(severityAs && { severityAs }),
      title: title ?? key,
      resource: text('resource'),
      service: text('service'),
      host: text('host'),
      // The one time of a recovery is when it recovered.
      startsAt: ends && startsAt === endsAt ? null : startsAt,
      endsAt: ends ? endsAt : null,
      labels: labelsOf(values.labels, text('service')),
      annotations: text('description') === null ? {} : { description: text('description') },
      link: text('link'),
    },
    receivedAt,
  )
  if (!known) event.flags.push('status-unknown')
  // Where the sender says no more than how bad it is, all is well when it is not bad.
  if (text('kind') === null && text('status') === null && event.severity === 'ok') event.kind = 'resolve'
  return event
}

function kindOf(
  kind: string | null,
  status: string | null,
  { statuses }: Pick<Mapping, 'statuses'>,
): { kind: Event['kind']; known: boolean } {
  const own = KINDS.find((one) => one === kind?.toLowerCase())
  if (own) return { kind: own, known: true }
  const word = status ?? kind
  if (word === null) return { kind: 'trigger', known: true }
  const ours = wordIn(statuses, word)
  const meant = ours ? OURS[ours] : (usualStatus(word) ?? usualStatus(lastWord(word)))
  return { kind: meant ?? 'trigger', known: meant !== undefined }
}

function wordIn<T>(words: Record<string, T>, word: string | null): T | undefined {
  const wanted = word?.trim().toLowerCase()
  return Object.entries(words).find(([one]) => one.trim().toLowerCase() === wanted)?.[1]
}

/** Text as it is, anything else as it would be written; null where it says nothing. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value.trim() === '' ? null : value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  return JSON.stringify(value, plain) ?? null
}

const plain = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value instanceof Map ? Object.fromEntries(value) : value

function instant(value: unknown, zone: string): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return textOf(value)
  return writtenInstant(value, zone)
}

/** Names and values out of an object, or out of a list of words like `env:prod`. */
function labelsOf(value: unknown, service: string | null): Record<string, string> {
  const entries = namedValues(value).flatMap(([name, inner]) => {
    const text = textOf(inner)
    return name === '' || text === null ? [] : [[name, text] as const]
  })
  return Object.fromEntries([...entries, ...(service === null ? [] : [['service', service] as const])])
}

/** The pairs in an object, or in a list of words like `env:prod`. */
export function namedValues(value: unknown): [string, unknown][] {
  if (value instanceof Map) return [...value].map(([name, inner]) => [String(name), inner])
  if (Array.isArray(value))
    return value.flatMap((word, at): [string, unknown][] => {
      if (typeof word !== 'string') return []
      const [, name, inner] = /^([^:=]+)[:=](.*)$/s.exec(word) ?? []
      return [name === undefined ? [`tag_${at + 1}`, word] : [name.trim(), inner]]
    })
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
