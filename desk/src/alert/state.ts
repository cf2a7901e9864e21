import type { Severity } from '@tocsin/db'

export type AlertStatus = 'firing' | 'acknowledged' | 'suppressed' | 'resolved'

/** The life of one condition. Instants are milliseconds since the epoch. */
export interface AlertState {
  status: AlertStatus
  severity: Severity
  /** When the present opening began, by the sender where it says so. */
  startsAt: number
  endsAt: number | null
  /** Counts openings, from 1. */
  episode: number
  /** Triggers taken since the alert was first seen. */
  count: number
  /** When the last event that was taken arrived. */
  lastAt: number
  acknowledgedAt: number | null
}

export interface AlertEvent {
  kind: 'trigger' | 'resolve' | 'acknowledge'
  severity: Severity
  /** As the sender says; null where it does not. */
  startsAt: number | null
  endsAt: number | null
}

export type AlertOutcome = 'fired' | 'repeated' | 'resolved' | 'acknowledged' | 'ignored'

export interface AlertDecision {
  outcome: AlertOutcome
  /** The state afterwards; null where there is still no alert. */
  next: AlertState | null
  /** Why an event changed nothing. */
  why?: 'late' | 'stale' | 'nothing-open' | 'remembered' | 'already-resolved' | 'already-acknowledged'
}

/**
 * How long after its end a trigger of the same or an earlier opening counts as a straggler. Later it has
 * fired again: a false alarm is better than a missed one.
 */
export const STRAGGLER_MS = 300_000

/**
 * What an event does to an alert. `now` is when it arrived. Messages that name their opening (startsAt) lead
 * to the same state in any order and however often: the newest opening wins, and within it the end.
 */
export function decideAlert(state: AlertState | null, event: AlertEvent, now: number): AlertDecision {
  if (event.kind === 'trigger') return trigger(state, event, now)
  if (event.kind === 'resolve') return resolve(state, event, now)
  if (!state || state.status === 'resolved') return { outcome: 'ignored', next: state, why: 'nothing-open' }
  if (state.status === 'acknowledged') return { outcome: 'ignored', next: state, why: 'already-acknowledged' }
  return {
    outcome: 'acknowledged',
    next: { ...state, status: 'acknowledged', acknowledgedAt: now, lastAt: now },
  }
}

function trigger(state: AlertState | null, event: AlertEvent, now: number): AlertDecision {
  const startsAt = event.startsAt ?? now
  if (state && state.status !== 'resolved') {
    const older = startsAt < state.startsAt
    return {
      outcome: 'repeated',
      next: {
        ...state,
        severity: older ? state.severity : event.severity,
        startsAt: event.startsAt === null ? state.startsAt : Math.max(startsAt, state.startsAt),
        count: state.count + 1,
        lastAt: now,
      },
    }
  }
  if (state && event.startsAt !== null && startsAt <= state.startsAt && now - state.lastAt <= STRAGGLER_MS)
    return { outcome: 'ignored', next: state, why: 'late' }
  return {
    outcome: 'fired',
    next: {
      status: 'firing',
      severity: event.severity,
      startsAt,
      endsAt: null,
      // A remembered end (episode 0) was no opening of ours.
      episode: (state?.episode ?? 0) + 1,
      count: (state?.count ?? 0) + 1,
      lastAt: now,
      acknowledgedAt: null,
    },
  }
}

function resolve(state: AlertState | null, event: AlertEvent, now: number): AlertDecision {
  const { startsAt } = event
  const endsAt = event.endsAt ?? now
  if (!state) {
    if (startsAt === null) return { outcome: 'ignored', next: null, why: 'nothing-open' }
    // Its trigger may still be on the way, and must then open nothing.
    const next = {
      severity: event.severity,
      startsAt,
      endsAt,
      episode: 0,
      count: 0,
      lastAt: now,
      acknowledgedAt: null,
    }
    return { outcome: 'ignored', next: { status: 'resolved', ...next }, why: 'remembered' }
  }
  const stale =
    startsAt === null ? event.endsAt !== null && event.endsAt < state.startsAt : startsAt < state.startsAt
  if (stale) return { outcome: 'ignored', next: state, why: 'stale' }
  const ended = {
    startsAt: Math.max(startsAt ?? 0, state.startsAt),
    endsAt: Math.max(endsAt, state.startsAt),
  }
  if (state.status === 'resolved') {
    // The latest end of the newest opening stands, whichever came first.
    const newer = ended.startsAt > state.startsAt
    const next = {
      ...state,
      ...ended,
      endsAt: newer ? ended.endsAt : Math.max(state.endsAt ?? 0, startsAt === null ? 0 : ended.endsAt),
    }
    return { outcome: 'ignored', next, why: 'already-resolved' }
  }
  return { outcome: 'resolved', next: { ...state, ...ended, status: 'resolved', lastAt: now } }
}
