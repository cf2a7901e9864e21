import { suppresses } from '../alert/index.ts'
import type { Outcome } from './step.ts'
import type { AlertChange } from './write.ts'

const STATUS = { resolve: 'resolved', acknowledge: 'acknowledged' } as const

/** What the event changed about its alert, for the record; null where nothing is worth a line. */
export function changeOf(
  { event, bucket, ticketId, receiptId, episode, status: stands, outcome, held, placed }: Outcome,
  alertId: string | null,
): AlertChange | null {
  if (event.kind === 'unreadable' || alertId === null || episode === null) return null
  const change = {
    alertId,
    ticketId,
    cause: { kind: 'receipt', id: receiptId },
    episode,
    severity: event.severity,
  }
  const as = (verb: keyof typeof STATUS) => ({ ...change, verb, status: STATUS[verb] })
  // Somebody may have taken notice where it came from before we heard of it, or while it was held back.
  const fires = stands === 'acknowledged' ? 'acknowledged' : 'firing'
  if ((outcome === 'fired' && !held) || placed?.ticketId) {
    const why = placed && { why: { ...placed.evidence, how: placed.how } }
    return { ...change, verb: 'fire', status: fires, ...why }
  }
  if (outcome === 'fired' && held) {
    const status = suppresses(held) ? 'suppressed' : fires
    return { ...change, verb: 'hold', status, why: { ...held } }
  }
  if (event.kind === 'snooze') {
    const until = event.annotations.until
    return bucket === 'acknowledged'
      ? { ...change, verb: 'snooze', status: 'suppressed', why: { by: 'snoozed', until } }
      : null
  }
  if (bucket === 'resolved') return as('resolve')
  if (bucket === 'acknowledged') return as('acknowledge')
  return null
}
