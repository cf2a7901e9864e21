import type { State } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'

const pending: Record<string, () => string> = {
  requester: m.portal_state_pending_requester,
  vendor: m.portal_state_pending_vendor,
  change: m.portal_state_pending_change,
  other: m.portal_state_pending_other,
}
// What a problem or a change goes through inside is work on it, to whoever visits.
const states: Partial<Record<State, () => string>> = {
  new: m.portal_state_new,
  in_progress: m.portal_state_in_progress,
  resolved: m.portal_state_resolved,
  closed: m.portal_state_closed,
  cancelled: m.portal_state_cancelled,
}

/** Where a request stands, in words that need no knowledge of the desk. */
export const plainState = (state: State, pendingReason: string | null): string =>
  state === 'pending'
    ? (pending[pendingReason ?? 'other'] ?? m.portal_state_pending_other)()
    : (states[state] ?? m.portal_state_in_progress)()
