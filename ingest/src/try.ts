import { isUtf8 } from 'node:buffer'
import { type Event, isSystem, type MailRule, type Mapping, type System, type Unreadable } from '@tocsin/desk'
import { type Circumstances, type Refusal, WrongBody } from './adapters/adapter.ts'
import { ADAPTERS } from './adapters/registry.ts'
import { decodeBody } from './decode.ts'
import { clean, Malformed, type Parsed } from './parse.ts'
import { circumstancesOf, type Place } from './place.ts'
import { redactElement } from './redact.ts'
import { refusalAnswer } from './refuse.ts'

export type Reading = { events: (Event | Unreadable)[] } | { refusal: Refusal }

/** The fields of a body. A refusal says what is wrong with it. */
export async function decode(
  system: System,
  bytes: Buffer,
  headers: Record<string, string>,
): Promise<Parsed | { refusal: Refusal }> {
  if (ADAPTERS[system].anyBody) return { payload: {}, flags: [] }
  // Who may come with GET says all in the address, also where it posts nothing there.
  const { methods, mayBeEmpty } = ADAPTERS[system]
  if (bytes.length === 0 && (mayBeEmpty || methods.includes('GET'))) return { payload: {}, flags: [] }
  if (ADAPTERS[system].carries?.(headers)) return carried(bytes, headers['content-type'])
  try {
    return await decodeBody(bytes, headers['content-type'])
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return { refusal: { status: 400, title: 'The body cannot be read', detail: error.message } }
  }
}

/** What a message is about: JSON or a form where it is that, else a text, and nothing where it is neither. */
async function carried(bytes: Buffer, contentType?: string): Promise<Parsed> {
  if (bytes.length === 0) return { payload: {}, flags: [] }
  try {
    return await decodeBody(bytes, contentType)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    if (!isUtf8(bytes)) return { payload: {}, flags: [] }
    const { value, changed } = clean(bytes.toString('utf8'))
    return { payload: { message: value }, flags: changed ? ['text-replaced'] : [] }
  }
}

/** Reads a body as the door would, touching nothing. A refusal says what was expected. */
export function readAs(system: System, { payload, flags }: Parsed, circumstances: Circumstances): Reading {
  const adapter = ADAPTERS[system]
  try {
    const events = adapter.read(payload, circumstances)
    for (const event of events) if (flags.length > 0 && 'flags' in event) event.flags.push(...flags)
    if (!adapter.mendable && events.length > 0 && events.every((event) => event.kind === 'unreadable'))
      throw new WrongBody((events[0] as Unreadable).reason)
    return {
      events: events.map((event) => (event.kind === 'unreadable' ? redactElement(adapter, event) : event)),
    }
  } catch (error) {
    if (!(error instanceof WrongBody)) throw error
    const title = error.status === 400 ? 'The body cannot be used' : 'Not a body of this system'
    return {
      refusal: {
        status: error.status,
        title,
        detail: `${error.message} Expected ${adapter.expects}${adapter.expects.endsWith('…') ? '' : '.'}`,
        ...(error.errors.length > 0 && { errors: error.errors }),
      },
    }
  }
}

/** How many messages a body holds that may wait unopened; undefined: it is to be read now, which also says why not. */
export function countUnopened(
  system: System,
  { payload, recoded }: Parsed,
  circumstances: Circumstances,
): number | undefined {
  if (recoded) return undefined
  try {
    return ADAPTERS[system].countUnopened?.(payload, circumstances)
  } catch (error) {
    if (error instanceof WrongBody) return undefined
    throw error
  }
}

const STATUS = {
  trigger: 'firing',
  test: 'firing',
  acknowledge: 'acknowledged',
  resolve: 'resolved',
} as const

export interface Tried {
  method?: string
  path?: string
  query?: Record<string, string>
  headers: Record<string, string>
  receivedAt: Date
  zone?: string
  mapping?: Mapping | null
  mailRules?: MailRule[]
}

/** What `try` answers: what the adapter would read out of a body, and what the sender would be told. */
export async function tryBody(system: string, bytes: Buffer, tried: Tried) {
  if (!isSystem(system))
    return refusedTry({ status: 404, title: 'Unknown system', detail: 'There is no door for this system.' })
  const headers = Object.fromEntries(
    Object.entries(tried.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const circumstances = circumstancesOf(
    { path: tried.path ?? '', query: tried.query ?? {} },
    { ...tried, headers },
  )
  const decoded = await decode(system, bytes, headers)
  const reading = 'refusal' in decoded ? decoded : readAs(system, decoded, circumstances)
  if ('refusal' in reading) return refusedTry(reading.refusal, { system, path: circumstances.path })
  const { events } = reading
  const readable = events.filter((event): event is Event => event.kind !== 'unreadable')
  return {
    refused: null,
    events: readable.flatMap((event) =>
      event.kind in STATUS ? [{ status: STATUS[event.kind as keyof typeof STATUS], ...event }] : [],
    ),
    noted: readable.filter((event) => !(event.kind in STATUS)),
    unreadable: events
      .filter((event) => event.kind === 'unreadable')
      .map(({ element, reason }) => ({ element, reason })),
    answer: ADAPTERS[system].accepted({
      receipt: NO_RECEIPT,
      events,
      count: events.length,
      circumstances,
    }),
  }
}

const refusedTry = (refusal: Refusal, place?: Pick<Place, 'system' | 'path'>) => ({
  refused: refusal.detail,
  events: [],
  noted: [],
  unreadable: [],
  answer: refusalAnswer(refusal, place),
})

const NO_RECEIPT = '00000000-0000-0000-0000-000000000000'
