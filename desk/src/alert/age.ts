import { type Alert, standing } from './fold.ts'
import { ageRestraint, holdBack, isFlapping, type Muted, takeNews } from './restraint.ts'

export interface Aged {
  alert: Alert
  /**
   * released: it may ask for its ticket now; woken: its snooze is over while its incident is open; stilled:
   * maintenance covers it while its incident is open.
   */
  outcome: 'expired' | 'released' | 'woken' | 'stilled' | 'calmed' | 'none'
}

/** What time alone has done to an alert. `muted` is what covers it now. */
export function ageAlert(alert: Alert, muted: Muted | null, now: number): Aged {
  const { state, terms } = alert
  const fires = state.status !== 'resolved'
  if (fires && terms.expireMs !== null && now >= state.lastAt + terms.expireMs) {
    const restraint = takeNews(alert.restraint, 'resolved', terms, now)
    return {
      alert: { ...alert, state: { ...state, status: 'resolved', endsAt: now, expired: true }, restraint },
      outcome: 'expired',
    }
  }
  const restraint = ageRestraint(alert.restraint, terms, now)
  if (fires && restraint.held) {
    // What a person must decide is not decided by time.
    const held = restraint.held.by === 'proposed' ? restraint.held : holdBack(restraint, terms, muted, now)
    return {
      alert: { ...alert, state: standing(state, held, restraint.held), restraint: { ...restraint, held } },
      outcome: held ? 'none' : 'released',
    }
  }
  const woken = fires && alert.restraint.snoozedUntil !== null && restraint.snoozedUntil === null
  // What somebody has taken notice of pages nobody, and stays so over the window.
  if (fires && muted && alert.ticketId && (state.status !== 'acknowledged' || woken)) {
    const held = { by: 'maintenance' as const, until: muted.until, window: muted.window }
    return {
      alert: {
        ...alert,
        state: { ...state, status: 'suppressed', ...(woken && { acknowledgedAt: null }) },
        restraint: { ...restraint, held },
      },
      outcome: 'stilled',
    }
  }
  if (woken)
    return {
      alert: { ...alert, state: { ...state, status: 'firing', acknowledgedAt: null }, restraint },
      outcome: 'woken',
    }
  const calmed = isFlapping(alert.restraint) && !isFlapping(restraint)
  return { alert: { ...alert, restraint }, outcome: calmed ? 'calmed' : 'none' }
}
