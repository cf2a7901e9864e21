import type { Answer } from './adapters/adapter.ts'
import { ADAPTERS } from './adapters/registry.ts'
import type { Place } from './place.ts'
import { refusalAnswer } from './refuse.ts'

export interface Outcome extends Answer {
  /** Seconds. */
  retryAfter?: number
  /** Said a little later: who sends too fast, and asks again at once, must not take the time of others. */
  slowed?: boolean
  /** The connection is spent: the sender is still sending what nobody reads. */
  close?: boolean
}

export const refuse = (place: Place, status: number, title: string, detail: string): Outcome =>
  refusalAnswer({ status, title, detail }, place)

export const unavailable = (place: Place): Outcome => ({
  ...refuse(
    place,
    ADAPTERS[place.system].overload.unavailable,
    'Not available just now',
    'Nothing is lost if you send it again.',
  ),
  retryAfter: 2,
})

export const unknownKey = (place: Place): Outcome =>
  refuse(place, 401, 'Unknown key', 'The key is missing, unknown or no longer valid for this address.')

export function tooMany(place: Place, detail: string): Outcome {
  const { limited } = ADAPTERS[place.system].overload
  return { ...refuse(place, limited, 'Too many requests', detail), retryAfter: 1, slowed: true }
}
