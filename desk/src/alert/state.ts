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
  /** It counts as over because its source fell silent, not because that said so. */
  expired?: true
  /** When the latest opening began that its source said somebody had taken notice of. */
  noticed?: number
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
 * to the same state in any order and however often: the newest opening wins, and within it the end, and before
 * the end an acknowledgement.
 */
export function decideAlert(state: AlertState | null, event: AlertEvent, now: number): AlertDecision {
  if (event.kind === 'trigger') return trigger(state, event, now)
  return event.kind === 'resolve' ? resolve(state, event, now) : acknowledge(state, event, now)
}

function trigger(state: AlertState | null, event: AlertEvent, now: number): AlertDecision {
  const startsAt = event.startsAt ?? now
  if (state && state.status !== 'resolved') {
    const older = startsAt < state.startsAt
    const noticed = !older && state.status === 'firing' && isNoticed(state, event)
    return {
      outcome: 'repeated',
      next: {
        ...state,
        ...(noticed && { status: 'acknowledged' as const, acknowledgedAt: now }),
        severity: older ? state.severity : event.severity,
        startsAt: event.startsAt === null ? state.startsAt : Math.max(startsAt, state.startsAt),
        count: state.count + 1,
        lastAt: now,
      },
    }
  }
  if (state && isOver(state) && event.startsAt !== null && startsAt <= state.startsAt)
    if (now - state.lastAt <= STRAGGLER_MS) return { outcome: 'ignored', next: state, why: 'late' }
  const noticed = state !== null && isNoticed(state, event)
  return {
    outcome: 'fired',
    next: {
      status: noticed ? 'acknowledged' : 'firing',
      severity: event.severity,
      startsAt,
      endsAt: null,
      // A remembered end (episode 0) was no opening of ours.
      episode: (state?.episode ?? 0) + 1,
      count: (state?.count ?? 0) + 1,
      lastAt: now,
      acknowledgedAt: noticed ? now : null,
      ...(state?.noticed !== undefined && { noticed: state.noticed }),
    },
  }
}

/** Its source has said that it ended: silence is no such word, nor is an acknowledgement that came first. */
const isOver = ({ endsAt, expired }: AlertState) => endsAt !== null && !expired

const isNoticed = ({ noticed }: AlertState, { startsAt }: AlertEvent) =>
  startsAt !== null && startsAt === noticed

/** It holds for the opening that it names, whether that has arrived or not; without a name for the present one. */
function acknowledge(
  state: AlertState | null,
  { severity, startsAt }: AlertEvent,
  now: number,
): AlertDecision {
  if (state && startsAt !== null && startsAt < state.startsAt)
    return { outcome: 'ignored', next: state, why: 'stale' }
  if (!state || state.status === 'resolved') {
    if (startsAt === null || (state && startsAt === state.startsAt))
      return { outcome: 'ignored', next: state, why: 'nothing-open' }
    const unheard = {
      severity,
      startsAt,
      endsAt: null,
      episode: 0,
      count: 0,
      lastAt: now,
      acknowledgedAt: null,
    }
    const next = {
      ...(state ?? { ...unheard, status: 'resolved' as const }),
      noticed: latest(state, startsAt),
    }
    return { outcome: 'ignored', next, why: 'remembered' }
  }
  const noticed = latest(state, startsAt ?? state.startsAt)
  if (state.status !== 'acknowledged')
    return {
      outcome: 'acknowledged',
      next: { ...state, status: 'acknowledged', acknowledgedAt: now, lastAt: now, noticed },
    }
  const next = noticed === state.noticed ? state : { ...state, noticed }
  return { outcome: 'ignored', next, why: 'already-acknowledged' }
}

const latest = (state: AlertState | null, startsAt: number) => Math.max(state?.noticed ?? startsAt, startsAt)

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
  if (stale) return { outcome: 'ignored', next: unnoticed(state, startsAt), why: 'stale' }
  const ended = {
    startsAt: Math.max(startsAt ?? state.startsAt, state.startsAt),
    endsAt: Math.max(endsAt, state.startsAt),
  }
  if (state.status === 'resolved') {
    // The latest end of the newest opening stands, whichever came first.
    const newer = ended.startsAt > state.startsAt
    const { expired: _, ...known } = state
    const latestEnd = newer ? ended.endsAt : Math.max(state.endsAt ?? ended.endsAt, ended.endsAt)
    const next = { ...known, ...ended, endsAt: startsAt === null ? state.endsAt : latestEnd }
    return { outcome: 'ignored', next, why: 'already-resolved' }
  }
  return { outcome: 'resolved', next: { ...state, ...ended, status: 'resolved', lastAt: now } }
}

/** The opening that somebody took notice of is over, and another has begun since: that waits for somebody still. */
function unnoticed(state: AlertState, ended: number | null): AlertState {
  const concerned = state.status === 'acknowledged' && ended !== null && (state.noticed ?? Infinity) <= ended
  return concerned ? { ...state, status: 'firing', acknowledgedAt: null } : state
}
