import { type Bucket, type Event, millisecondsOf, type Unreadable } from '../event/index.ts'
import { type AlertDecision, type AlertEvent, type AlertState, decideAlert } from './state.ts'

/** What an alert shows of the event that last changed it. */
export type AlertFace = Pick<
  Event,
  'severity_raw' | 'title' | 'resource' | 'service' | 'host' | 'labels' | 'annotations' | 'link'
>

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
  /** The alert's episode after the event; null where no alert is concerned. */
  episode: number | null
}

export interface Folded {
  /** Every alert that the batch concerns and that exists afterwards, as it stands then. */
  alerts: Map<string, Alert>
  /** One for each arrival, in order. `fired` and `repeated` still ask whether an incident opens or is joined. */
  verdicts: Verdict[]
  /** Keys whose state an event changed; the others need no write. */
  changed: Set<string>
}

const BUCKETS = {
  fired: 'opened',
  repeated: 'repeated',
  resolved: 'resolved',
  acknowledged: 'acknowledged',
  ignored: 'ignored',
} as const satisfies Record<AlertDecision['outcome'], Bucket>

/**
 * Folds arrivals, in order, into the alerts that exist. A trigger that fires is put into `opened` and left to
 * correlation, which knows whether it opened an incident, joined one, or neither.
 */
export function foldArrivals(
  existing: Map<string, Alert>,
  arrivals: Arrival[],
  groupOf: (event: Event) => string,
): Folded {
  const alerts = new Map(existing)
  const changed = new Set<string>()
  const verdicts = arrivals.map((arrival): Verdict => {
    const { event, receivedAt } = arrival
    if (event.kind === 'unreadable')
      return { ...arrival, bucket: 'dead-letter', why: event.reason, episode: null }
    if (event.kind !== 'trigger' && event.kind !== 'resolve' && event.kind !== 'acknowledge')
      return { ...arrival, bucket: 'recorded', why: event.kind, episode: null }
    const before = alerts.get(event.dedup_key)
    const said = alertEventOf(event, event.kind)
    const { outcome, next, why } = decideAlert(before?.state ?? null, said, receivedAt)
    if (next && next !== before?.state) {
      changed.add(event.dedup_key)
      // An end often says less than the trigger did, and an older trigger is no news.
      const newest = said.startsAt === null || said.startsAt >= (before?.state.startsAt ?? 0)
      const shows = !before || outcome === 'fired' || (outcome === 'repeated' && newest)
      alerts.set(event.dedup_key, {
        id: before?.id ?? null,
        key: event.dedup_key,
        state: next,
        face: shows ? faceOf(event) : before.face,
        groupKey: outcome === 'fired' || !before ? groupOf(event) : before.groupKey,
        ticketId: outcome === 'fired' ? null : (before?.ticketId ?? null),
        firstAt: before?.firstAt ?? receivedAt,
      })
    }
    return { ...arrival, bucket: BUCKETS[outcome], why: why ?? null, episode: next?.episode ?? null }
  })
  return { alerts, verdicts, changed }
}

const alertEventOf = (event: Event, kind: AlertEvent['kind']): AlertEvent => ({
  kind,
  severity: event.severity,
  startsAt: event.starts_at === null ? null : millisecondsOf(event.starts_at),
  endsAt: event.ends_at === null ? null : millisecondsOf(event.ends_at),
})

const faceOf = ({
  severity_raw,
  title,
  resource,
  service,
  host,
  labels,
  annotations,
  link,
}: Event): AlertFace => ({
  severity_raw,
  title,
  resource,
  service,
  host,
  labels,
  annotations,
  link,
})
