/** The last states of an alert, by which it is told whether it flaps. */
export interface Flap {
  /** 21 bits, the newest in bit 0; 1 is firing. */
  states: number
  /** When the newest was taken, in milliseconds. */
  at: number
  on: boolean
}

/** Percentages of change: flapping begins at `high` and ends at `low`. */
export interface FlapLimits {
  low: number
  high: number
}

const STATES = 21
const ALL = 2 ** STATES - 1
/** A sender that is quiet repeats its last state, once in this time. */
export const SLOT_MS = 60_000

/** Nagios's measure over the last 21 states: each change counts, the newest 1.25, the oldest 0.75 of a slot. */
export function changePercent(states: number): number {
  let sum = 0
  for (let slot = 0; slot < STATES - 1; slot++) {
    // Slot 0 is the oldest pair, in the highest bits.
    const pair = (states >> (STATES - 2 - slot)) & 3
    if (pair === 1 || pair === 2) sum += 0.75 + (slot * 0.5) / (STATES - 2)
  }
  return (100 * sum) / (STATES - 1)
}

/** The history with one more state; what was quiet until then counts as unchanged. */
export function takeState(flap: Flap | null, fires: boolean, now: number, limits: FlapLimits | null): Flap {
  const before = passTime(flap ?? { states: 0, at: now, on: false }, now, limits)
  return judge({ ...before, states: ((before.states << 1) | (fires ? 1 : 0)) & ALL, at: now }, limits)
}

/** The history after quiet time: whole slots without news repeat the last state. */
export function passTime(flap: Flap, now: number, limits: FlapLimits | null): Flap {
  const slots = Math.min(STATES, Math.floor((now - flap.at) / SLOT_MS))
  if (slots <= 0) return judge(flap, limits)
  const last = flap.states & 1
  let { states } = flap
  for (let slot = 0; slot < slots; slot++) states = ((states << 1) | last) & ALL
  // What is left of a slot goes on counting towards the next.
  const at = slots === STATES ? now : flap.at + slots * SLOT_MS
  return judge({ ...flap, states, at }, limits)
}

/** When an alert that flaps will have been quiet for long enough. */
export function calmAt(flap: Flap, limits: FlapLimits): number {
  for (let slots = 0; slots < STATES; slots++) {
    const at = flap.at + slots * SLOT_MS
    if (!passTime(flap, at, limits).on) return at
  }
  return flap.at + STATES * SLOT_MS
}

function judge(flap: Flap, limits: FlapLimits | null): Flap {
  const percent = limits ? changePercent(flap.states) : 0
  const on = limits !== null && (flap.on ? percent > limits.low : percent >= limits.high)
  return on === flap.on ? flap : { ...flap, on }
}
