import type { IncomingMessage } from 'node:http'
import type { Event, System, Unopened, Unreadable } from '@tocsin/desk'
import type { Circumstances, Refusal } from './adapters/adapter.ts'
import { ADAPTERS } from './adapters/registry.ts'
import { Forged } from './adapters/signature.ts'
import type { Sender } from './authenticate.ts'
import type { Door } from './door.ts'
import { type Outcome, unavailable } from './outcome.ts'
import type { Parsed } from './parse.ts'
import type { Place } from './place.ts'
import { BodyRefused, readBody } from './read-body.ts'
import { countUnopened, readAs } from './try.ts'

// The worker is one for an integration, so the door opens what it has the time for.
const BUSY = 16

export interface Body {
  bytes: Buffer
}

export type Taken = Parsed & Body

/** A body that is kept and not read, with what its sender is told. */
export interface Refused {
  refusal: Refusal
  bytes: Buffer
  close?: boolean
}

export interface Understood {
  bytes: Buffer
  events: (Event | Unreadable)[] | Unopened
  count: number
}

export async function bodyOf(
  system: System,
  request: IncomingMessage,
  deadlineMs?: number,
): Promise<Body | Refused> {
  try {
    return { bytes: await readBody(request, deadlineMs, ADAPTERS[system].bodyLimit) }
  } catch (error) {
    if (!(error instanceof BodyRefused)) throw error
    const refusal = { status: error.status, title: 'The body cannot be taken', detail: error.message }
    return { refusal, bytes: Buffer.alloc(0), close: true }
  }
}

/** Proof, greeting and meaning, in this order: nothing is done for a sender that cannot prove itself. */
export async function understand(
  door: Door,
  place: Place,
  sender: Sender,
  taken: Taken,
  circumstances: Circumstances,
): Promise<Understood | Refused | { answer: Outcome }> {
  const { bytes } = taken
  const { signature, greet } = ADAPTERS[sender.system]
  try {
    if (signature && sender.secrets.length > 0 && !signature(bytes, circumstances, sender.secrets))
      throw new Forged()
    const greeting = await greet?.(taken.payload, circumstances, sender.secrets, door.outside)
    if (greeting) return { answer: greeting }
  } catch (error) {
    if (!(error instanceof Forged)) {
      door.log.warn({ err: error, system: sender.system }, 'a greeting failed')
      return { answer: unavailable(place) }
    }
    return { refusal: { status: 403, title: 'Not signed by its sender', detail: error.message }, bytes }
  }
  const unopened = door.load.requests > BUSY ? countUnopened(sender.system, taken, circumstances) : undefined
  if (unopened !== undefined) return { bytes, events: { path: circumstances.path }, count: unopened }
  const reading = readAs(sender.system, taken, circumstances)
  return 'refusal' in reading ? { bytes, ...reading } : { bytes, ...reading, count: reading.events.length }
}
