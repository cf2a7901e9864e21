import type { SlaClock } from '#lib/api/types.ts'

export type SlaTone = 'calm' | 'soon' | 'late' | 'paused' | 'met'

/** What a thin bar shows of a clock: how much is left of it, and how that feels. */
export interface SlaView {
  target: SlaClock['target']
  tone: SlaTone
  /** Of the promise, what is left: 1 at the start, 0 when due or over. */
  left: number
  /** Milliseconds until due; negative when over; null while nothing runs. */
  remaining: number | null
}

const soon = 0.25

const dueOf = (clock: SlaClock) =>
  clock.due_at ? new Date(clock.due_at).getTime() : Number.POSITIVE_INFINITY

/** The clock that matters now: the running one that is due first, else a paused one, else the last of them. */
export function clockThatMatters(clocks: readonly SlaClock[]): SlaClock | undefined {
  const alive = clocks.filter(({ state, due_at }) => state === 'running' || (state === 'breached' && due_at))
  if (alive.length > 0) return alive.toSorted((a, b) => dueOf(a) - dueOf(b))[0]
  return (
    clocks.find(({ state }) => state === 'paused') ??
    clocks.find(({ state }) => state === 'breached') ??
    clocks.findLast(({ state }) => state !== 'cancelled')
  )
}

/** How a clock looks at `now` (epoch milliseconds). */
export function viewOf(clock: SlaClock, now: number): SlaView {
  const { target } = clock
  if (clock.state === 'met') return { target, tone: 'met', left: 1, remaining: null }
  if (clock.state === 'cancelled') return { target, tone: 'paused', left: 0, remaining: null }
  if (clock.state === 'paused') {
    const left = clock.target_ms ? 1 - (clock.elapsed_ms ?? 0) / clock.target_ms : 0.5
    return { target, tone: 'paused', left: within(left), remaining: null }
  }
  if (!clock.due_at) return { target, tone: 'late', left: 0, remaining: null }
  const remaining = dueOf(clock) - now
  if (remaining <= 0) return { target, tone: 'late', left: 0, remaining }
  const whole = clock.target_ms ?? (clock.elapsed_ms ?? 0) + remaining
  // Working time left, where the desk counted it: outside working hours the due time is further away than that.
  const left = within(Math.min(remaining, clock.remaining_ms ?? remaining) / whole)
  return { target, tone: left <= soon ? 'soon' : 'calm', left, remaining }
}

const within = (share: number) => Math.min(1, Math.max(0, share))
