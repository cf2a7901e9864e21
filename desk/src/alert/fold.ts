import { type Bucket, type Event, type Face, millisecondsOf, type Unreadable } from '../event/index.ts'
import {
  type Held,
  holdBack,
  type Muted,
  type Restraint,
  suppresses,
  takeNews,
  type Terms,
  unrestrained,
} from './restraint.ts'
import {
  type AlertDecision,
  type AlertEvent,
  type AlertState,
  type AlertStatus,
  decideAlert,
} from './state.ts'

export type AlertFace = Face

export interface Alert {
  /** null: not in the record yet. */
  id: string | null
  key: string
  state: AlertState
  face: AlertFace
  groupKey: string
  /** The incident of the present episode. */
  ticketId: string | null
  firstAt: number
  restraint: Restraint
  /** As they were when its present opening began. */
  terms: Terms
  /** When its row was last written whole, and what it is due at there; null: not in the record yet. */
  written: { seenAt: number; dueAt: number | null } | null
}

/** What the rules and people say of an event, besides its alert. */
export interface Judge {
  groupOf: (event: Event) => string
  termsOf: (event: Event) => Terms
  mutedBy: (event: Event, at: number) => Muted | null
  /** Firing again within it, an alert continues the incident that it stood in. */
  holdMs: number
}

/** An event as it waits, with its place. */
export interface Arrival {
  event: Event | Unreadable
  receiptId: string
  position: number
  /** When its receipt was committed, in milliseconds. */
  receivedAt: number
}

export interface Verdict extends Arrival {
  bucket: Bucket
  why: string | null
  /** The alert's episode after the event, and how it stands then; null where no alert is concerned. */
  episode: number | null
  status: AlertStatus | null
  /** The incident that it stood in until a moment ago, where it fires again. */
  continues: string | null
  /** What it did to its alert; null where none is concerned. */
  outcome: AlertDecision['outcome'] | null
  /** Why its alert, which fires, asks for no ticket. */
  held: Held | null
  /** The maintenance window or silence that suppressed the event. */
  window: string | null
}

export interface Folded {
  /** Every alert that the batch concerns and that exists afterwards, as it stands then. */
  alerts: Map<string, Alert>
  /** One for each arrival, in order. `fired` and `repeated` still ask whether an incident opens or is joined. */
  verdicts: Verdict[]
  /** Keys whose state an event changed; the others need no write. */
  changed: Set<string>
}

/** Nobody, person or sender, lets an alert rest for longer. */
export const LONGEST_REST_MS = 30 * 86_400_000

const BUCKETS = {
  fired: 'opened',
  repeated: 'repeated',
  resolved: 'resolved',
  acknowledged: 'acknowledged',
  ignored: 'ignored',
} as const satisfies Record<AlertDecision['outcome'], Bucket>

/**
 * Folds arrivals, in order, into the alerts that exist. A trigger that fires and is not held back is put into
 * `opened` and left to correlation, which knows whether it opened an incident, joined one, or neither.
 */
export function foldArrivals(existing: Map<string, Alert>, arrivals: Arrival[], judge: Judge): Folded {
  const alerts = new Map(existing)
  const changed = new Set<string>()
  const verdicts = arrivals.map((arrival): Verdict => {
    const { event, receivedAt } = arrival
    const aside = { ...arrival, ...NOWHERE, outcome: null }
    if (event.kind === 'unreadable') return { ...aside, bucket: 'dead-letter', why: event.reason }
    if (event.kind === 'snooze') {
      const rested = restUntil(alerts.get(event.dedup_key), event, receivedAt)
      if (!rested) return { ...aside, bucket: 'ignored', why: 'nothing-open' }
      changed.add(rested.key)
      alerts.set(rested.key, rested)
      const { episode, status } = rested.state
      return { ...aside, episode, status, bucket: 'acknowledged', why: 'snoozed' }
    }
    if (event.kind !== 'trigger' && event.kind !== 'resolve' && event.kind !== 'acknowledge')
      return { ...aside, bucket: 'recorded', why: event.kind }
    const before = alerts.get(event.dedup_key)
    const said = alertEventOf(event, event.kind)
    const { outcome, next, why } = decideAlert(before?.state ?? null, said, receivedAt)
    const place = { ...arrival, ...NOWHERE, episode: next?.episode ?? null, outcome }
    if (!next || next === before?.state)
      return { ...place, status: next?.status ?? null, bucket: BUCKETS[outcome], why: why ?? null }

    const terms = before && outcome !== 'fired' ? before.terms : judge.termsOf(event)
    const restraint = restrain(before, outcome, terms, receivedAt)
    const muted = event.kind === 'trigger' ? judge.mutedBy(event, receivedAt) : null
    const waits = !before?.ticketId && ((before?.restraint.held ?? null) !== null || muted !== null)
    const asks = outcome === 'fired' || (outcome === 'repeated' && waits)
    const held = asks ? holdBack(restraint, terms, muted, receivedAt) : null
    // An end often says less than the trigger did, and an older trigger is no news.
    const newest = said.startsAt === null || said.startsAt >= (before?.state.startsAt ?? 0)
    const shows = !before || outcome === 'fired' || (outcome === 'repeated' && newest)
    const state = asks ? standing(next, held, before?.restraint.held ?? null) : next
    changed.add(event.dedup_key)
    alerts.set(event.dedup_key, {
      id: before?.id ?? null,
      key: event.dedup_key,
      state,
      face: shows ? faceOf(event) : before.face,
      groupKey: outcome === 'fired' || !before ? judge.groupOf(event) : before.groupKey,
      ticketId: outcome === 'fired' ? null : (before?.ticketId ?? null),
      firstAt: before?.firstAt ?? receivedAt,
      restraint: asks ? { ...restraint, held } : restraint,
      terms,
      written: before?.written ?? null,
    })
    const bucket = bucketOf(outcome, held, muted)
    const window = bucket === 'suppressed' ? (muted?.window ?? null) : null
    const continues = outcome === 'fired' && before ? stoodIn(before, receivedAt, judge.holdMs) : null
    return {
      ...place,
      status: state.status,
      continues,
      bucket,
      why: why ?? held?.by ?? (muted ? 'maintenance' : null),
      held,
      window,
    }
  })
  return { alerts, verdicts, changed }
}

const NOWHERE = { episode: null, status: null, continues: null, held: null, window: null }

/** The incident of the opening that ended within the hold before `now`. */
const stoodIn = ({ ticketId, state }: Alert, now: number, holdMs: number): string | null =>
  now - Math.max(state.lastAt, state.expired ? (state.endsAt ?? 0) : 0) <= holdMs ? ticketId : null

/** The alert at rest, as its sender asks; nothing where it does not fire, or no time ahead is given. */
function restUntil(alert: Alert | undefined, event: Event, now: number): Alert | undefined {
  const until = Math.min(Date.parse(event.annotations.until ?? ''), now + LONGEST_REST_MS)
  if (!alert || alert.state.status === 'resolved' || !(until > now)) return undefined
  return {
    ...alert,
    state: { ...alert.state, status: 'suppressed', lastAt: now },
    restraint: { ...alert.restraint, snoozedUntil: until, held: { by: 'snoozed', until } },
  }
}

/** What somebody has taken notice of stays so, whatever held it back meanwhile, unless it rested only until now. */
export function standing(state: AlertState, held: Held | null, before: Held | null): AlertState {
  if (suppresses(held)) return { ...state, status: 'suppressed' }
  const woken = before?.by === 'snoozed'
  return woken || state.acknowledgedAt === null
    ? { ...state, status: 'firing', acknowledgedAt: null }
    : { ...state, status: 'acknowledged' }
}

function restrain(
  before: Alert | undefined,
  outcome: AlertDecision['outcome'],
  terms: Terms,
  now: number,
): Restraint {
  if (outcome === 'fired' || outcome === 'repeated' || outcome === 'resolved')
    return takeNews(before?.restraint ?? null, outcome, terms, now)
  return before?.restraint ?? unrestrained(now)
}

function bucketOf(outcome: AlertDecision['outcome'], held: Held | null, muted: Muted | null): Bucket {
  if (outcome === 'repeated' && (muted || suppresses(held))) return 'suppressed'
  if (outcome === 'repeated' && held?.by === 'threshold') return 'held'
  if (outcome === 'fired' && held) return suppresses(held) ? 'suppressed' : 'held'
  return BUCKETS[outcome]
}

const alertEventOf = (event: Event, kind: AlertEvent['kind']): AlertEvent => ({
  kind,
  severity: event.severity,
  startsAt: event.starts_at === null ? null : millisecondsOf(event.starts_at),
  endsAt: event.ends_at === null ? null : millisecondsOf(event.ends_at),
})

/** What stands for the title that its sender left out: its own words, else what it is about. */
const untitled = ({ annotations, ...about }: Pick<Event, 'annotations' | 'resource' | 'host' | 'service'>) =>
  annotations.description?.split('\n', 1)[0]?.slice(0, 500) ||
  (about.resource ?? about.host ?? about.service ?? 'Untitled alert')

/** What an alert shows after this event. */
export const faceOf = ({
  severity_raw,
  title,
  resource,
  service,
  host,
  labels,
  annotations,
  link,
  enriched,
}: Event): AlertFace => ({
  severity_raw,
  title: title ?? untitled({ annotations, resource, host, service }),
  resource,
  service,
  host,
  labels,
  annotations,
  link,
  enriched,
})
