import type { Event } from '@tocsin/desk'
import type { Severity } from '@tocsin/db'
import { vocabulary } from './vocabulary.ts'

const kindOfType = vocabulary<Event['kind']>({
  problem: 'trigger',
  recovery: 'resolve',
  acknowledgement: 'acknowledge',
  acknowledged: 'acknowledge',
})

/** Ours for a state of Nagios, Icinga and Checkmk; undefined for a word that is none. */
export const severityOfState = vocabulary<Severity>({
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
})

/**
 * What a notification asks for. Its type decides where there is one: those of downtimes, flapping and comments
 * show the state too and are none of our business. Without a type the state does.
 */
export function kindOfNotification(type: string | null, state: string | null): Event['kind'] {
  if (type === null) return severityOfState(state) === 'ok' ? 'resolve' : 'trigger'
  return kindOfType(type) ?? 'note'
}
