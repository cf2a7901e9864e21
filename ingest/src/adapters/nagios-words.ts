import type { Event } from '@tocsin/desk'
import type { Severity } from '@tocsin/db'

const NOTIFICATIONS: Record<string, Event['kind']> = {
  problem: 'trigger',
  recovery: 'resolve',
  acknowledgement: 'acknowledge',
  acknowledged: 'acknowledge',
}

const STATES: Record<string, Severity> = {
  ok: 'ok',
  up: 'ok',
  '0': 'ok',
  warning: 'warning',
  warn: 'warning',
  '1': 'warning',
  critical: 'critical',
  crit: 'critical',
  down: 'critical',
  '2': 'critical',
  unreachable: 'error',
  unreach: 'error',
  unknown: 'warning',
  unkn: 'warning',
  '3': 'warning',
}

/** Ours for a state of Nagios, Icinga and Checkmk; undefined for a word that is none. */
export const severityOfState = (state: string | null): Severity | undefined => {
  const word = (state ?? '').trim().toLowerCase()
  return Object.hasOwn(STATES, word) ? STATES[word] : undefined
}

/**
 * What a notification asks for. Its type decides where there is one: those of downtimes, flapping and comments
 * show the state too and are none of our business. Without a type the state does.
 */
export function kindOfNotification(type: string | null, state: string | null): Event['kind'] {
  if (type === null) return severityOfState(state) === 'ok' ? 'resolve' : 'trigger'
  const word = type.trim().toLowerCase()
  return Object.hasOwn(NOTIFICATIONS, word) ? NOTIFICATIONS[word]! : 'note'
}
