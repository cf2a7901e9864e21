import { calmAt, type Flap, type FlapLimits, passTime, takeState } from './flapping.ts'

/** How patient one is with an alert; from its rule, else from its integration. Times in milliseconds. */
export interface Terms {
  /** Resolved within it, nobody hears of it. */
  holdMs: number
  /** Only after so many triggers within so long. */
  threshold: { count: number; windowMs: number } | null
  flapping: FlapLimits | null
  /** Silent for so long, it counts as resolved. */
  expireMs: number | null
}

export const NO_TERMS: Terms = { holdMs: 0, threshold: null, flapping: null, expireMs: null }

export type HeldBy = 'maintenance' | 'snoozed' | 'flapping' | 'threshold' | 'hold' | 'proposed'

/** Why an alert that fires asks for no ticket yet. */
export interface Held {
  by: HeldBy
  /** When to ask again; null: an event, or a person, decides. */
  until: number | null
  /** The maintenance window or silence. */
  window?: string
}

/** A window or silence that covers an alert just now. */
export interface Muted {
  window: string
  until: number
}

/** What is known of an alert besides its state, to decide whether it may ask for a ticket. */
export interface Restraint {
  /** When the present opening began to arrive. */
  firedAt: number
  /** When its last triggers arrived, as far as a threshold asks. */
  recent: number[]
  flap: Flap | null
  snoozedUntil: number | null
  held: Held | null
  /** A person has said where this opening belongs: it asks for no ticket by itself. */
  apart: boolean
}

export const unrestrained = (now: number): Restraint => ({
  firedAt: now,
  recent: [],
  flap: null,
  snoozedUntil: null,
  held: null,
  apart: false,
})

/** A trigger or an end, after it was folded into the state. */
export function takeNews(
  before: Restraint | null,
  news: 'fired' | 'repeated' | 'resolved',
  terms: Terms,
  now: number,
): Restraint {
  const restraint = before ?? unrestrained(now)
  const flap = takeState(restraint.flap, news !== 'resolved', now, terms.flapping)
  if (news === 'resolved') return { ...restraint, flap, held: null, snoozedUntil: null }
  const { threshold } = terms
  const recent = threshold
    ? [...restraint.recent.filter((at) => at > now - threshold.windowMs), now].slice(-threshold.count)
    : []
  const opening = news === 'fired' ? { firedAt: now, apart: false } : {}
  return { ...restraint, flap, recent, ...opening }
}

/**
 * Why a firing alert stands back at this moment, the strongest reason first; null where nothing keeps it from
 * asking for its ticket.
 */
export function holdBack(restraint: Restraint, terms: Terms, muted: Muted | null, now: number): Held | null {
  const { flap, recent, firedAt, snoozedUntil } = restraint
  if (muted) return { by: 'maintenance', until: muted.until, window: muted.window }
  if (snoozedUntil !== null && snoozedUntil > now) return { by: 'snoozed', until: snoozedUntil }
  if (flap?.on && terms.flapping) return { by: 'flapping', until: calmAt(flap, terms.flapping) }
  if (terms.threshold && recent.length < terms.threshold.count) return { by: 'threshold', until: null }
  if (now < firedAt + terms.holdMs) return { by: 'hold', until: firedAt + terms.holdMs }
  return null
}

/** Held back by what people said, not by what the alert does: it counts as suppressed. */
export const suppresses = (held: Held | null): boolean => held?.by === 'maintenance' || held?.by === 'snoozed'

export const isFlapping = (restraint: Restraint): boolean => restraint.flap?.on ?? false

/** The restraint as quiet time has left it. */
export const ageRestraint = (restraint: Restraint, terms: Terms, now: number): Restraint => ({
  ...restraint,
  flap: restraint.flap && passTime(restraint.flap, now, terms.flapping),
  snoozedUntil:
    restraint.snoozedUntil !== null && restraint.snoozedUntil > now ? restraint.snoozedUntil : null,
})

/** When time alone may change something about an alert; null: never. */
export function dueAt(
  { status, lastAt }: { status: string; lastAt: number },
  { flap, held, snoozedUntil }: Restraint,
  terms: Terms,
): number | null {
  const fires = status !== 'resolved'
  const due = [
    fires ? held?.until : null,
    fires ? snoozedUntil : null,
    fires && terms.expireMs !== null ? lastAt + terms.expireMs : null,
    flap?.on && terms.flapping ? calmAt(flap, terms.flapping) : null,
  ].filter((at) => typeof at === 'number')
  return due.length === 0 ? null : Math.min(...due)
}
