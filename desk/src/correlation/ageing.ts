import { ageAlert, type Aged, type Alert } from '../alert/index.ts'
import { claimOf, matchOf, mutedBy, senderGroupOf, type Shown } from './claim.ts'
import type { Context } from './context.ts'
import type { ClaimOfAlert, Placed } from './place.ts'
import type { SubjectOf } from './subjects.ts'

export interface Ageing {
  aged: Aged[]
  /** Who asks for a ticket, now that nothing holds it back. `placeClaims` answers in this order. */
  claims: { aged: Aged; claim: ClaimOfAlert }[]
}

/** What time has done to alerts whose time has come, and which of them ask for a ticket now. */
export function askAgain(context: Context, subjectOf: SubjectOf, due: Alert[], now: number): Ageing {
  const aged = due.map((alert) => ageAlert(alert, mutedBy(context, subjectOf, shownNow(alert)), now))
  const claims = aged
    .filter(({ outcome, alert }) => outcome === 'released' && !alert.ticketId && !alert.restraint.apart)
    .map((one) => ({ aged: one, claim: claimNow(context, subjectOf, one.alert) }))
    .filter(({ claim }) => claim.mayOpen)
  return { aged, claims }
}

export interface Settled extends Aged {
  placed: Placed | null
}

/** With the tickets found, how the alerts stand. */
export function settleAged({ aged, claims }: Ageing, placed: Placed[]): Settled[] {
  const placedOf = new Map(claims.map(({ aged: one }, index) => [one, placed[index]!] as const))
  return aged.map((one) => {
    const where = placedOf.get(one) ?? null
    return {
      outcome: one.outcome,
      alert: { ...one.alert, ticketId: where?.ticketId ?? one.alert.ticketId },
      placed: where,
    }
  })
}

const shownNow = ({ face, key, state, groupKey }: Alert): Shown => ({
  face,
  key,
  severity: state.severity,
  senderGroup: senderGroupOf(groupKey),
})

const claimNow = (context: Context, subjectOf: SubjectOf, alert: Alert): ClaimOfAlert =>
  claimOf(context, subjectOf, {
    alert,
    match: matchOf(context, subjectOf, shownNow(alert)),
    severity: alert.state.severity,
    cause: { kind: 'alert', id: alert.id! },
    quiet: false,
  })

/** The tickets in which alerts stood already that have come to this, save those that somebody has taken notice of. */
export const ticketsOf = (settled: Settled[], which: Settled['outcome'][]): string[] => [
  ...new Set(
    settled.flatMap(({ outcome, alert, placed }) =>
      which.includes(outcome) && alert.ticketId && !placed && alert.state.status !== 'acknowledged'
        ? [alert.ticketId]
        : [],
    ),
  ),
]
