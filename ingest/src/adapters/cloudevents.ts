import { composeEvent, type Event, unreadable } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { asFields, identity, present, wordIn } from './fields.ts'

// The last word of a type (`com.example.alert.resolved`), or the data's own status.
const WORDS: Record<string, Event['kind']> = Object.fromEntries([
  ...['firing', 'fired', 'triggered', 'trigger', 'opened', 'open', 'raised', 'alerting', 'alert'].map((w) => [
    w,
    'trigger',
  ]),
  ...['failed', 'failure', 'active', 'activated', 'problem', 'critical', 'down'].map((w) => [w, 'trigger']),
  ...['resolved', 'resolve', 'closed', 'cleared', 'recovered', 'ok', 'normal', 'up'].map((w) => [
    w,
    'resolve',
  ]),
  ...['succeeded', 'inactive', 'deactivated'].map((w) => [w, 'resolve']),
  ...['acknowledged', 'acknowledge', 'acked'].map((w) => [w, 'acknowledge']),
  ['test', 'test'],
])
const kindBy = (word: string | null | undefined): Event['kind'] | undefined =>
  wordIn(WORDS, word?.toLowerCase())

/** CloudEvents 1.0 over HTTP, in all three modes. `source` and `id` name the event; the alert is named by its data. */
export const cloudevents = defineAdapter({
  expects:
    'a CloudEvent: structured (“specversion”), a batch of them, or binary with its attributes as ce-* headers',
  carries: isBinary,
  elements: (payload, { headers }) => {
    if (isBinary(headers)) return [isFields(payload) ? payload : { data: payload }]
    if (Array.isArray(payload)) return payload
    if (!isFields(payload)) throw new WrongBody('It is neither an object nor a list.')
    if ('specversion' in payload) return [payload]
    throw new WrongBody('There is no “specversion” in it, nor in a header ce-specversion.')
  },
  readOne: (element, circumstances) => {
    if ('specversion' in element) return readData(element, dataOf(element), 'structured', circumstances)
    const attributes = attributesOf(circumstances)
    if (!firstText(attributes, 'type', 'specversion')) return unreadable(element, '“specversion” is missing.')
    return readData(attributes, element, 'binary', circumstances)
  },
})

/** In binary mode the attributes stand in headers and the body is the data, unless its type says the contrary. */
function isBinary(headers: Record<string, string>): boolean {
  return (
    Boolean(headers['ce-specversion'] ?? headers['ce-type']) &&
    !/^application\/cloudevents\b/i.test(headers['content-type'] ?? '')
  )
}

const attributesOf = ({ headers }: Circumstances): Fields =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('ce-') ? [[name.slice(3), unescaped(value)]] : [],
    ),
  )

/** What a header cannot hold stands in it as escapes; one that is broken is text. */
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** Data that is a text says what happened in words. */
function dataOf(event: Fields): Fields {
  const data =
    typeof event.data_base64 === 'string'
      ? Buffer.from(event.data_base64, 'base64').toString('utf8')
      : event.data
  const fields = asFields(data)
  return Object.keys(fields).length === 0 && typeof data === 'string' ? { message: data } : fields
}

const ATTRIBUTES = ['specversion', 'id', 'data', 'data_base64', 'datacontenttype', 'dataschema', 'time']

function readData(
  event: Fields,
  data: Fields,
  mode: 'structured' | 'binary',
  { receivedAt }: Circumstances,
): Event {
  const type = firstText(event, 'type')
  const source = firstText(event, 'source')
  const subject = firstText(event, 'subject')
  const alert = firstText(
    data,
    'alert_id',
    'alertId',
    'dedup_key',
    'dedupKey',
    'fingerprint',
    'alert',
    'id',
    'key',
  )
  const severity = firstText(data, 'severity', 'level', 'priority')
  const kind =
    kindBy(firstText(data, 'status', 'state')) ??
    kindBy(type?.split('.').at(-1)) ??
    (severity ? 'trigger' : 'note')
  const service = firstText(data, 'service')
  // In binary mode the attributes stand in headers, which gateways set: they stay labels, and the body says the rest.
  const structured = mode === 'structured'
  const at = structured ? event.time : null
  const extensions = Object.entries(event).filter(([name]) => !ATTRIBUTES.includes(name))
  return composeEvent(
    {
      kind,
      dedupKey: identity(
        ...(structured ? [] : [mode]),
        source,
        alert ?? subject,
        ...(alert ? [] : [familyOf(type)]),
      ),
      severity,
      title: firstText(data, 'summary', 'title', 'message', 'name', 'description') ?? subject ?? type,
      resource: firstText(data, 'resource') ?? (structured ? subject : null),
      service,
      host: firstText(data, 'host', 'hostname', 'instance'),
      startsAt: firstText(data, 'starts_at', 'startsAt', 'started_at') ?? (kind === 'resolve' ? null : at),
      endsAt: kind === 'resolve' ? (firstText(data, 'ends_at', 'endsAt', 'ended_at') ?? at) : null,
      labels: present({ ...Object.fromEntries(extensions), ...asFields(data.labels), service }),
      annotations: present({ description: firstText(data, 'description', 'details') }),
      link: firstText(data, 'url', 'link'),
    },
    receivedAt,
  )
}

/** A type without the word for its state, so that firing and recovery are of one family. */
function familyOf(type: string | null): string | null {
  const words = type?.split('.') ?? []
  return kindBy(words.at(-1)) ? words.slice(0, -1).join('.') : type
}
