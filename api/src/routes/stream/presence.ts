import { type Db, listen } from '@tocsin/db'
import type { Logger } from '@tocsin/db/process'
import { type Here, hereNow } from '@tocsin/desk'

/** Who is on a ticket, as one of them hears it. */
export interface PresenceEvent {
  number: string
  here: Here[]
}
type Ear = (event: PresenceEvent) => void

export interface PresenceTail {
  subscribe: (personId: string, ear: Ear) => () => void
}

/**
 * Tells those on a ticket who else is, when that changes, whichever replica heard of it first: one query a change, and only
 * where one of them listens here. Nobody else hears it.
 */
export function followPresence(db: Db, databaseUrl: string, log: Logger, signal: AbortSignal): PresenceTail {
  const ears = new Map<string, Set<Ear>>()
  let started = false

  const tell = async (ticketId: string) => {
    if (ticketId === '' || ears.size === 0) return
    try {
      const here = await hereNow(db, ticketId)
      if (!here.some(({ person }) => ears.has(person.id))) return
      const ticket = await db
        .selectFrom('ticket')
        .select('number')
        .where('id', '=', ticketId)
        .executeTakeFirst()
      if (!ticket) return
      for (const { person } of here) {
        const others = here.filter((one) => one.person.id !== person.id)
        for (const ear of ears.get(person.id) ?? []) ear({ number: ticket.number, here: others })
      }
    } catch (error) {
      log.warn({ err: error }, 'who is on a ticket cannot be read just now')
    }
  }
  const start = () => {
    started = true
    const listening = listen(databaseUrl, ['presence'], (ticketId) => void tell(ticketId))
    signal.addEventListener('abort', () => void listening.then((listener) => listener.close()))
  }
  return {
    subscribe: (personId, ear) => {
      const mine = ears.get(personId) ?? new Set()
      ears.set(personId, mine.add(ear))
      if (!started) start()
      return () => {
        mine.delete(ear)
        if (mine.size === 0) ears.delete(personId)
      }
    },
  }
}
