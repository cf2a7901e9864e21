import type { Circumstances } from './adapters/adapter.ts'
import { ADAPTERS } from './adapters/registry.ts'
import type { Sender } from './authenticate.ts'
import type { Door } from './door.ts'
import { type Outcome, tooMany, unavailable, unknownKey } from './outcome.ts'
import type { Place } from './place.ts'

/** Who stands there, unless the key is not known or its integration sends too fast. */
export async function admit(door: Door, place: Place, key: string): Promise<Sender | Outcome> {
  const known = door.authenticate(key)
  const sender =
    known instanceof Promise
      ? await inTime(known).catch((error: unknown) => {
          door.log.warn({ err: error }, 'a key could not be checked')
          return 'unreachable' as const
        })
      : known
  if (sender === 'unreachable') return unavailable(place)
  if (sender?.system !== place.system) return unknownKey(place)
  door.turns.came(sender.integrationId)
  if (door.admit(sender.integrationId, sender.rate)) return sender
  return tooMany(place, `This integration may send ${sender.rate} requests a second.`)
}

/** The key of the alert that the address names by an id of ours; null: it names none, undefined: unreachable. */
export async function whichAlert(
  { keyOfNamed, log }: Door,
  { system, integrationId }: Sender,
  circumstances: Circumstances,
): Promise<string | null | undefined> {
  const name = ADAPTERS[system].named?.(circumstances)
  if (!name) return null
  try {
    return (await inTime(keyOfNamed(integrationId, name))) ?? null
  } catch (error) {
    log.warn({ err: error }, 'an alert could not be looked up')
    return undefined
  }
}

const LOOKUP_DEADLINE_MS = 1_500

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), LOOKUP_DEADLINE_MS)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
