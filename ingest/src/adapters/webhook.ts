import {
  type CompiledMapping,
  compileMapping,
  type Event,
  type MappedField,
  type Mapping,
  type Unreadable,
  unreadable,
} from '@tocsin/desk'
import { keptHeaders } from '../kept-headers.ts'
import { type Adapter, type Circumstances, defineAdapter, type Fields, isFields } from './adapter.ts'
import { fromText } from './fields.ts'
import { eventOf, namedValues, type Values } from './webhook-event.ts'
import { type Guess, guess, listAlong, listIn } from './webhook-guess.ts'

const ELEMENTS = 1_000
// A mapping that takes longer over one body would keep the other senders waiting.
const BUDGET_MS = 500

/** What one expression could not do, over which element; null: over the body. */
export interface Failure {
  path: string
  position: number | null
  message: string
}

/** What a source nobody foresaw says: read by the mapping that people made for it, till then by usual names. */
export const webhook: Adapter = {
  ...defineAdapter({
    expects: 'JSON or a form',
    methods: ['POST', 'PUT'],
    mendable: true,
    secretFields: [
      'password',
      'passwd',
      'token',
      'access_token',
      'secret',
      'client_secret',
      'api_key',
      'apikey',
    ],
    readOne: (element) => unreadable(element, 'It is read as a whole.'),
  }),
  read: (payload, circumstances) => readBody(payload, circumstances).map(({ event }) => event),
  readElement: (element, circumstances, whole = element) =>
    readerOf(opened(whole), circumstances)(opened(element)).event,
}

interface Read {
  event: Event | Unreadable
  failures: Omit<Failure, 'position'>[]
}

/** Each element of a body as an event, or why not, and what its expressions could not do. */
export function readBody(payload: unknown, circumstances: Circumstances): Read[] {
  const body = opened(payload)
  const elements = elementsOf(body, circumstances)
  if (!Array.isArray(elements))
    return [{ ...elements, event: unreadable(payload, (elements.event as Unreadable).reason) }]
  const readOne = readerOf(body, circumstances)
  const reads = elements.slice(0, ELEMENTS).map((element): Read => {
    const { event, failures } = readOne(element)
    // As it was sent, so that a retry knows it for the whole body.
    const sent = event.kind === 'unreadable' && element === body ? unreadable(payload, event.reason) : event
    return { event: sent, failures }
  })
  const rest = elements.slice(ELEMENTS)
  if (rest.length === 0) return reads
  const reason = `A body may hold ${ELEMENTS} elements; these ${rest.length} were left unread.`
  return [...reads, { event: unreadable(rest, reason), failures: [] }]
}

/** Reads the elements of one body, all within one measure of time. */
function readerOf(body: unknown, circumstances: Circumstances): (element: unknown) => Read {
  const { mapping } = circumstances
  if (!mapping) {
    // What holds for all messages of a body stands beside their list.
    const around = isFields(body) ? { body, guess: guess(body) } : undefined
    return (element) => ({
      event: readGuessed(element, element === body ? undefined : around, circumstances),
      failures: [],
    })
  }
  const compiled = mappingFor(mapping)
  const facts = { body, headers: keptHeaders(circumstances.headers) }
  const until = performance.now() + BUDGET_MS
  return (item) =>
    performance.now() > until
      ? failed(item, 'fields', 'The mapping takes too long over this body.')
      : readMapped(compiled, { ...facts, item }, circumstances)
}

const known = new WeakMap<Mapping, CompiledMapping>()

/** Its expressions, once; one that is wrong gives nothing. */
function mappingFor(mapping: Mapping): CompiledMapping {
  const before = known.get(mapping)
  if (before) return before
  const { compiled } = compileMapping(mapping)
  known.set(mapping, compiled)
  return compiled
}

/** A form's field, or a text, may hold JSON: expressions and names then see what is in it. */
export const opened = (body: unknown): unknown =>
  isFields(body)
    ? Object.fromEntries(Object.entries(body).map(([name, value]) => [name, fromText(value) ?? value]))
    : body

const failed = (element: unknown, path: string, message: string): Read => ({
  event: unreadable(element, message),
  failures: [{ path, message }],
})

function elementsOf(body: unknown, circumstances: Circumstances): unknown[] | Read {
  const compiled = circumstances.mapping && mappingFor(circumstances.mapping)
  const list = compiled?.elements
  if (!list) {
    const found = compiled ? body : listAlong(body, listIn(body))
    if (!Array.isArray(found)) return [found]
    return found.length > 0 ? found : failed(body, 'elements', 'There is no element in it.')
  }
  try {
    const found = list({ body, item: body, headers: keptHeaders(circumstances.headers) })
    if (Array.isArray(found) && found.length > 0) return found
    if (isFields(found)) return [found]
    return failed(body, 'elements', 'The expression for the elements gives none here.')
  } catch (error) {
    return failed(body, 'elements', `The elements were not found: ${wordsOf(error)}`)
  }
}

function readMapped(
  compiled: CompiledMapping,
  facts: { body: unknown; item: unknown; headers: Record<string, string> },
  circumstances: Circumstances,
): Read {
  const values: Values = {}
  const failures: Read['failures'] = []
  for (const [field, run] of compiled.fields)
    try {
      values[field] = run(facts)
    } catch (error) {
      failures.push({ path: `fields.${field}`, message: wordsOf(error) })
    }
  const event = eventOf(facts.item, values, compiled, circumstances)
  if (event.kind === 'unreadable') {
    const why = failures.filter(({ path }) => path === 'fields.title' || path === 'fields.dedup_key')
    return why.length === 0
      ? { event, failures }
      : {
          event: { ...event, reason: `${event.reason} (${why.map(({ message }) => message).join('; ')})` },
          failures,
        }
  }
  event.flags.push(...failures.map(({ path }) => `${path.slice('fields.'.length)}-unread`))
  return { event, failures }
}

function readGuessed(
  item: unknown,
  around: { body: Fields; guess: Guess } | undefined,
  circumstances: Circumstances,
): Event | Unreadable {
  if (!isFields(item)) return unreadable(item, 'It must be an object with fields.')
  const own = guess(item)
  const at = (field: MappedField) =>
    own.paths[field] || !around || !SHARED.includes(field)
      ? guessedValue(own, item, field)
      : guessedValue(around.guess, around.body, field)
  const values: Values = Object.fromEntries(FIELDS.map((field) => [field, at(field)]))
  values.labels = { ...scalarsOf(item, own.paths), ...Object.fromEntries(namedValues(values.labels)) }
  return eventOf(item, values, { severities: own.severities, statuses: {} }, circumstances)
}

function guessedValue({ paths, yes }: Guess, holder: Fields, field: MappedField): unknown {
  const path = paths[field]
  const value = path?.reduce<unknown>(
    (at, name) => (isFields(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    holder,
  )
  if (field !== 'status' || !yes || value === undefined) return value
  return (value === true) === (yes === 'firing') ? 'firing' : 'resolved'
}

const FIELDS = [
  'status',
  'severity',
  'title',
  'dedup_key',
  'resource',
  'service',
  'host',
  'starts_at',
  'ends_at',
  'link',
  'labels',
  'description',
] as const
const SHARED: string[] = ['status', 'severity', 'service', 'host', 'link']

/** What was said beside what was found, as labels. */
function scalarsOf(item: Fields, paths: Guess['paths']): Fields {
  const taken = new Set(Object.values(paths).map(([name]) => name))
  return Object.fromEntries(
    Object.entries(item).filter(
      ([name, value]) => !taken.has(name) && value !== null && value !== '' && typeof value !== 'object',
    ),
  )
}

/** The first line: the library draws the expression below it. */
const wordsOf = (error: unknown): string => (error as Error).message.split('\n', 1)[0]!
