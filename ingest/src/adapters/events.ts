import { createHash } from 'node:crypto'
import { composeEvent, type Event, KEY_LENGTH, type Unreadable, unreadable } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { isForeign } from './fields.ts'

const KINDS: Record<string, Event['kind']> = {
  trigger: 'trigger',
  firing: 'trigger',
  resolve: 'resolve',
  resolved: 'resolve',
  acknowledge: 'acknowledge',
  acknowledged: 'acknowledge',
  note: 'note',
  change: 'change',
  ping: 'ping',
  test: 'test',
}

/** Our own form: one event, a list of events, or `{ "events": [ … ] }`. docs/integrators.md describes it for senders. */
export const events = defineAdapter({
  expects:
    'an event {"kind": "trigger"|"resolve"|…, "title": "…", "dedup_key": "…"}, or {"events": [ … ]} of them',
  elements: (payload) => {
    const given = elementsOf(payload)
    // Cutting a key would merge alerts that differ in its tail, and this sender can be told.
    const long = given.find(
      (element) => isFields(element) && (firstText(element, 'dedup_key')?.length ?? 0) > KEY_LENGTH,
    )
    if (long) throw new WrongBody(`“dedup_key” may have ${KEY_LENGTH} characters at most.`, 400)
    return given
  },
  readOne: readEvent,
  accepted: ({ receipt, events: kept }) => ({
    status: 202,
    body: {
      status: 'accepted',
      receipt,
      events: kept.length,
      dedup_keys: kept.map((event) => ('dedup_key' in event ? event.dedup_key : null)),
    },
  }),
  overload: { limited: 429, unavailable: 503 },
})

const FIELDS = new Set(
  'kind status title summary dedup_key group_key severity service resource host link labels annotations description starts_at ends_at'.split(
    ' ',
  ),
)

function elementsOf(payload: unknown): unknown[] {
  if (Array.isArray(payload)) return payload
  if (isFields(payload) && Array.isArray(payload.events)) return payload.events
  if (isFields(payload) && ('title' in payload || 'dedup_key' in payload || 'kind' in payload)) {
    if ('dedup_key' in payload || KINDS[String(payload.kind)] || !isForeign(payload, FIELDS)) return [payload]
    throw new WrongBody('Most of its fields are not those of an event.')
  }
  throw new WrongBody('It is neither an event nor a list of events.')
}

function readEvent(element: Fields, { receivedAt }: Circumstances): Event | Unreadable {
  const word = firstText(element, 'kind', 'status') ?? 'trigger'
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined
  if (!kind)
    return unreadable(
      element,
      `“kind” is “${word.slice(0, 50)}”; it must be trigger, resolve, acknowledge, note, change, ping or test.`,
    )
  const { labels = {}, annotations = {} } = element
  if (!isFields(labels) || !isFields(annotations))
    return unreadable(element, '“labels” and “annotations” must be objects of names and values.')
  const title = firstText(element, 'title', 'summary')
  const key = firstText(element, 'dedup_key')
  if (!title && kind !== 'resolve' && kind !== 'acknowledge' && kind !== 'ping')
    return unreadable(element, '“title” is missing: an event must say what happened.')
  if (!title && !key) return unreadable(element, 'Neither “dedup_key” nor “title” says which alert is meant.')
  const service = firstText(element, 'service') ?? firstText(labels, 'service')
  return composeEvent(
    {
      kind,
      dedupKey: key ?? derivedKey(element, title, service),
      severity: firstText(element, 'severity'),
      title: title ?? key,
      resource: firstText(element, 'resource'),
      service,
      host: firstText(element, 'host'),
      startsAt: element.starts_at,
      endsAt: element.ends_at,
      labels: service ? { ...labels, service } : labels,
      annotations:
        typeof element.description === 'string'
          ? { description: element.description, ...annotations }
          : annotations,
      link: element.link,
      groupKey: firstText(element, 'group_key'),
    },
    receivedAt,
  )
}

/** Without a key, the same words about the same thing are the same alert; the answer tells the sender the key. */
function derivedKey(element: Fields, title: string | null, service: string | null): string {
  const parts = [title, service, firstText(element, 'resource'), firstText(element, 'host')]
  return `derived:${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`
}
