import { type Event, isSystem, type Unreadable } from '@tocsin/desk'
import { ADAPTERS } from './adapters/registry.ts'
import { type Answer, WrongBody } from './adapters/adapter.ts'
import { Malformed, parseJson } from './parse.ts'

export interface Reading {
  events: (Event | Unreadable)[]
  answer: Answer
}

export type Refusal = { status: 400 | 404 | 422; title: string; detail: string }

/** Reads a body as the door would, touching nothing. A refusal says what was expected. */
export function readAs(
  system: string,
  bytes: Buffer,
  circumstances: { headers: Record<string, string>; receivedAt: Date },
): { events: (Event | Unreadable)[] } | { refusal: Refusal } {
  if (!isSystem(system))
    return { refusal: { status: 404, title: 'Unknown system', detail: 'There is no door for this system.' } }
  const adapter = ADAPTERS[system]
  try {
    const { payload, flags } = parseJson(bytes)
    const events = adapter.read(payload, circumstances)
    for (const event of events) if (flags.length > 0 && 'flags' in event) event.flags.push(...flags)
    if (events.length > 0 && events.every((event) => event.kind === 'unreadable'))
      throw new WrongBody((events[0] as Unreadable).reason)
    return { events }
  } catch (error) {
    if (error instanceof Malformed)
      return { refusal: { status: 400, title: 'The body cannot be read', detail: error.message } }
    if (!(error instanceof WrongBody)) throw error
    const title = error.status === 400 ? 'The body cannot be used' : 'Not a body of this system'
    return {
      refusal: { status: error.status, title, detail: `${error.message} Expected ${adapter.expects}.` },
    }
  }
}

const STATUS = { trigger: 'firing', acknowledge: 'acknowledged', resolve: 'resolved' } as const

/** What `try` answers: what the adapter would read out of a body, and what the sender would be told. */
export function tryBody(
  system: string,
  bytes: Buffer,
  circumstances: { headers: Record<string, string>; receivedAt: Date },
) {
  const reading = readAs(system, bytes, circumstances)
  if ('refusal' in reading)
    return { events: [], unreadable: [], answer: { status: reading.refusal.status, body: reading.refusal } }
  const { events } = reading
  const readable = events.filter((event): event is Event => event.kind !== 'unreadable')
  return {
    events: readable.flatMap(({ kind, labels: _l, annotations: _a, ...event }) =>
      kind in STATUS ? [{ status: STATUS[kind as keyof typeof STATUS], ...event }] : [],
    ),
    unreadable: events
      .filter((event) => event.kind === 'unreadable')
      .map(({ element, reason }) => ({ element, reason })),
    answer: isSystem(system) ? ADAPTERS[system].accepted({ receipt: NO_RECEIPT, events }) : null,
  }
}

const NO_RECEIPT = '00000000-0000-0000-0000-000000000000'
