import type { Answer, Refusal } from './adapters/adapter.ts'
import { ADAPTERS } from './adapters/registry.ts'
import type { Place } from './place.ts'

/** A refusal in the form that the sender expects: its own, where its adapter has one, else RFC 9457. */
export function refusalAnswer(refusal: Refusal, place?: Pick<Place, 'system' | 'path'>): Answer {
  const own = place && ADAPTERS[place.system].refused?.(refusal, place.path)
  const problem = { type: 'about:blank', ...refusal }
  return own ?? { status: refusal.status, body: problem, type: 'application/problem+json' }
}
