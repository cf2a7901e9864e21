import { type Event, isSystem, type Received, type Unreadable } from '@tocsin/desk'
import { ADAPTERS } from './adapters/registry.ts'
import { parseJson } from './parse.ts'
import { circumstancesOf } from './place.ts'

/** A dead letter that was sent round again, read by the adapter as it is today; anything else as it is. */
export function readAgain(system: string, received: Received, receivedAt: Date): Event | Unreadable {
  if (received.kind !== 'unread') return received
  const { element } = received
  if (!isSystem(system))
    return { kind: 'unreadable', element, reason: 'There is no adapter for this system.' }
  try {
    const { payload } = parseJson(Buffer.from(element))
    const circumstances = circumstancesOf({ path: '', query: {} }, { headers: {}, receivedAt })
    return ADAPTERS[system].readElement(payload, circumstances)
  } catch (error) {
    return { kind: 'unreadable', element, reason: (error as Error).message }
  }
}
