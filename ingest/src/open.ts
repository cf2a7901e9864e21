import { type Event, isSystem, type Unopened, type Unreadable, unreadable } from '@tocsin/desk'
import { parseSound } from './parse.ts'
import { circumstancesOf } from './place.ts'
import { readAs } from './try.ts'

interface Waiting {
  system: string
  zone: string | null
  received_at: Date
  /** As it was counted at the door. */
  event_count: number
  /** null: it is gone. */
  body: Buffer | null
}

/** The events of a body that waited unopened, as many as the door counted, whatever happens. */
export function open(
  { system, zone, received_at: receivedAt, event_count: count, body }: Waiting,
  { path }: Unopened,
): (Event | Unreadable)[] {
  const read = () => {
    if (!isSystem(system) || !body) return []
    const circumstances = circumstancesOf(
      { path, query: {} },
      { headers: {}, receivedAt, zone: zone ?? 'UTC' },
    )
    const reading = readAs(system, parseSound(body), circumstances)
    return 'events' in reading ? reading.events : []
  }
  const events = read()
  if (events.length === count) return events
  const lost = unreadable(body?.toString('utf8') ?? null, 'It was readable when it came and is no more.')
  return Array.from({ length: count }, (_, position) => events[position] ?? lost)
}
