import type { System } from '@tocsin/desk'
import type { Answer, Refusal } from './adapters/adapter.ts'
import { ADAPTERS } from './adapters/registry.ts'

/** A refusal in the form that the sender expects: its own, where its adapter has one, else RFC 9457. */
export function refusalAnswer(refusal: Refusal, system?: System): Answer {
  const own = system && ADAPTERS[system].refused?.(refusal)
  return own ?? { status: refusal.status, body: { type: 'about:blank', ...refusal } }
}
