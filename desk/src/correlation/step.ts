import {
  type Alert,
  type Arrival,
  faceOf,
  foldArrivals,
  type Folded,
  NO_TERMS,
  type Verdict,
} from '../alert/index.ts'
import { type Event, QUIET_KEY, type Unreadable } from '../event/index.ts'
import { claimOf, matchOf, mutedBy, type Shown } from './claim.ts'
import type { Context } from './context.ts'
import { DEFAULT_RULE, type Match } from './match.ts'
import type { ClaimOfAlert, Placed } from './place.ts'
import type { SubjectOf } from './subjects.ts'

/** What a batch of one integration is decided from, besides the tickets that it may meet. */
export interface Batch {
  context: Context
  subjectOf: SubjectOf
  /** The alerts that it concerns, by key, as they stood. */
  before: Map<string, Alert>
  /** In their order, with what look-ups know of them. */
  arrivals: Arrival[]
}

export interface Asked {
  folded: Folded
  /** The ticket of each opening, as known before. */
  tickets: Map<string, string>
  /** Who asks for a ticket. `placeClaims` answers in this order. */
  claims: { verdict: Verdict; claim: ClaimOfAlert }[]
}

/** The first half of the step: what the events do to their alerts, and which of these ask for a ticket. */
export function ask({ context, subjectOf, before, arrivals }: Batch): Asked {
  const matches = new Map<Event, Match>()
  const match = (event: Event): Match => {
    const known = matches.get(event) ?? matchOf(context, subjectOf, shownBy(event))
    matches.set(event, known)
    return known
  }
  const folded = foldArrivals(before, arrivals, {
    groupOf: (event) => match(event).groupKey,
    // What we say of a source is not held back by the patience with what it says itself.
    termsOf: (event) => (event.dedup_key === QUIET_KEY ? NO_TERMS : (match(event).terms ?? context.terms)),
    mutedBy: (event) => mutedBy(context, subjectOf, shownBy(event)),
    holdMs: context.holdMs,
  })

  const tickets = new Map<string, string>()
  for (const alert of before.values())
    if (alert.ticketId) tickets.set(episodeKey(alert.key, alert.state.episode), alert.ticketId)
  const asked = new Set(tickets.keys())
  for (const alert of before.values())
    if (alert.restraint.apart) asked.add(episodeKey(alert.key, alert.state.episode))
  const claims: Asked['claims'] = []
  for (const verdict of folded.verdicts) {
    const { event, outcome, held, receiptId } = verdict
    if (event.kind === 'unreadable' || (outcome !== 'fired' && outcome !== 'repeated')) continue
    // One that flaps opens nothing, but stays with its incident while that is open.
    if (held && held.by !== 'flapping') continue
    const episode = episodeKey(event.dedup_key, verdict.episode!)
    if (outcome === 'repeated' && asked.has(episode)) continue
    // The alert as this event shows it: a later one of the batch may have changed its face already.
    const standing = folded.alerts.get(event.dedup_key)!
    const alert = { ...standing, face: shownBy(event).face }
    const claim = {
      ...claimOf(context, subjectOf, {
        alert,
        match: match(event),
        severity: event.severity,
        cause: { kind: 'receipt', id: receiptId },
        quiet: held !== null,
      }),
      episode: verdict.episode!,
      continues: verdict.continues,
    }
    // A repeat asks only while its episode has no incident and it has grown bad enough for one.
    if (outcome === 'repeated' && !claim.mayOpen) continue
    if (claim.mayOpen) asked.add(episode)
    claims.push({ verdict, claim })
  }
  return { folded, tickets, claims }
}

/** An event with what became of it. */
export interface Outcome extends Verdict {
  ticketId: string | null
  /** Where its alert was placed; null where it asked for no ticket. */
  placed: Placed | null
}

export interface Settled {
  /** The alerts that have changed, as they stand afterwards. */
  standing: Alert[]
  /** One for each arrival, in order. */
  outcomes: Outcome[]
}

/** The second half: with the tickets found, how the alerts stand and which bucket each event is in. */
export function settle({ folded, tickets, claims }: Asked, placed: Placed[]): Settled {
  const found = new Map(tickets)
  const placedOf = new Map<Verdict, Placed>()
  for (const [index, { verdict, claim }] of claims.entries()) {
    const { ticketId } = placed[index]!
    placedOf.set(verdict, placed[index]!)
    if (ticketId) found.set(episodeKey(claim.key, verdict.episode!), ticketId)
  }
  const standing = [...folded.changed].map((key) => {
    const alert = folded.alerts.get(key)!
    const ticketId = found.get(episodeKey(key, alert.state.episode)) ?? alert.ticketId
    // What has found its ticket in this batch waits no longer.
    const held = ticketId && !alert.ticketId ? null : alert.restraint.held
    return { ...alert, ticketId, restraint: { ...alert.restraint, held } }
  })
  const outcomes = folded.verdicts.map((verdict): Outcome => {
    const key = keyOf(verdict.event)
    const where = placedOf.get(verdict) ?? null
    return {
      ...verdict,
      ...(where && bucketOf(verdict, where)),
      ticketId: (key && found.get(episodeKey(key, verdict.episode ?? 0))) || null,
      placed: where,
    }
  })
  return { standing, outcomes }
}

export const keyOf = (event: Event | Unreadable) =>
  event.kind === 'unreadable' ? undefined : event.dedup_key
const episodeKey = (key: string, episode: number) => `${episode} ${key}`

const shownBy = (event: Event): Shown => ({
  face: faceOf(event),
  key: event.dedup_key,
  severity: event.severity,
  senderGroup: event.group_key,
})

/** What correlation made of a trigger: its final bucket, and why where no incident came of it. */
function bucketOf(verdict: Verdict, { how, evidence }: Placed): Partial<Pick<Verdict, 'bucket' | 'why'>> {
  if (how === 'proposed') return { bucket: 'held', why: 'proposed' }
  if (how !== 'nothing') return { bucket: how, ...(verdict.held && { why: null }) }
  if (verdict.bucket !== 'opened') return {}
  return {
    bucket: 'recorded',
    why: evidence.rule === DEFAULT_RULE ? 'severity-opens-nothing' : 'rule-opens-nothing',
  }
}
