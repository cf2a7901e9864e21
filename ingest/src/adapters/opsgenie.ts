import type { Read } from '@tocsin/desk'
import { type Fields, firstText } from './adapter.ts'

/** P1 to P5, or in old messages the bare number. Opsgenie takes what names none for a P3. */
export function opsgeniePriority(alert: Fields): Pick<Read, 'severity' | 'severityAs'> {
  const priority = firstText(alert, 'priority')
  const level = /^p?([1-5])$/i.exec(priority ?? '')?.[1]
  const severityAs = ({ 1: 'critical', 2: 'error', 3: 'warning', 4: 'info', 5: 'info' } as const)[level ?? 3]
  return { severity: priority, severityAs }
}
