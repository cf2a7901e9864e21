import {
  type Event,
  isSystem,
  type MailRule,
  mappingOf,
  type Received,
  type Unread,
  type Unreadable,
  unreadable,
} from '@tocsin/desk'
import { ADAPTERS } from './adapters/registry.ts'
import { decodeBody } from './decode.ts'
import { parseJson } from './parse.ts'
import { circumstancesOf } from './place.ts'
import { readAs } from './try.ts'

export interface Source {
  system: string
  /** As its settings hold it. */
  mapping: unknown
  mail_rules: MailRule[] | null
  /** Of the wall times that its sender writes. */
  zone: string | null
}

/**
 * A dead letter or a refused request that was sent round again, read as its integration reads today, within the request
 * that it came in; anything else as it is. One that is a whole body may turn out to hold several events.
 */
export async function readAgain(
  { system, mapping, mail_rules, zone }: Source,
  received: Received,
  receivedAt: Date,
): Promise<(Event | Unreadable)[]> {
  if (received.kind !== 'unread') return [received]
  const { element, request } = received
  if (!isSystem(system))
    return [{ kind: 'unreadable', element, reason: 'There is no adapter for this system.' }]
  const circumstances = circumstancesOf(
    { path: '', query: {} },
    {
      headers: request?.headers ?? {},
      receivedAt,
      zone: zone ?? 'UTC',
      mapping: mappingOf(mapping).mapping,
      mailRules: mail_rules ?? [],
    },
  )
  try {
    const whole = await wholeOf(request)
    if (whole && (isWhole(whole.payload, element) || isText(request, element))) {
      const reading = readAs(system, whole, circumstances)
      if ('events' in reading && reading.events.length > 0) return reading.events
    }
    const { payload } = parseJson(Buffer.from(element))
    return [ADAPTERS[system].readElement(payload, circumstances, whole?.payload)]
  } catch (error) {
    return [{ kind: 'unreadable', element, reason: (error as Error).message }]
  }
}

/** A refused body goes round as it came. */
const isText = (request: Unread['request'], element: string): boolean =>
  Buffer.from(request?.body ?? '', 'base64').toString('utf8') === element

const isWhole = (payload: unknown, element: string): boolean => unreadable(payload, '').element === element

async function wholeOf(request: Unread['request']) {
  if (!request) return undefined
  try {
    return await decodeBody(Buffer.from(request.body, 'base64'), request.content_type ?? undefined)
  } catch {
    // The element by itself says what can be said.
    return undefined
  }
}
