import type { Tx } from '../activity/index.ts'
import {
  type Arrival,
  faceOf,
  foldArrivals,
  lockAlerts,
  saveAlerts,
  suppresses,
  type Verdict,
} from '../alert/index.ts'
import type { Event, Unreadable } from '../event/index.ts'
import { enrichEvents } from '../lookup/index.ts'
import { readContext } from './context.ts'
import { still } from './age.ts'
import { claimOf, matchOf, mutedBy, type Shown } from './claim.ts'
import { DEFAULT_RULE, type Match } from './match.ts'
import { type ClaimOfAlert, placeAlerts, type Placed } from './place.ts'
import { propose } from './propose.ts'
import { scheduleRecoveries } from './recover.ts'
import { readSubjects } from './subjects.ts'
import { type AlertChange, type Decided, type Link, recordChanges, writeEvents, writeLinks } from './write.ts'
import { writeChanges } from './write-changes.ts'

export interface WaitingReceipt {
  seq: number
  receiptId: string
  receivedAt: Date
  events: (Event | Unreadable)[]
}

/**
 * Decides what a batch of one integration's receipts means, in their order, in the caller's transaction,
 * which holds the integration's lock: alerts, incidents, links, recoveries, events with their final buckets,
 * counts and record, or nothing at all.
 */
export async function decideReceipts(
  tx: Tx,
  integrationId: string,
  receipts: WaitingReceipt[],
): Promise<void> {
  const context = await readContext(tx, integrationId)
  const sent = receipts.flatMap(({ receiptId, receivedAt, events }) =>
    events.map((event, position): Arrival => ({
      event,
      receiptId,
      position,
      receivedAt: receivedAt.getTime(),
    })),
  )
  const known = await enrichEvents(
    tx,
    context.lookups,
    sent.map(({ event }) => event),
  )
  const arrivals = sent.map((arrival, index): Arrival => ({ ...arrival, event: known[index]! }))
  const before = await lockAlerts(tx, integrationId, [
    ...new Set(arrivals.flatMap(({ event }) => keyOf(event) ?? [])),
  ])
  const subjectOf = await readSubjects(
    tx,
    arrivals.flatMap(({ event }) => (event.kind === 'trigger' ? [event] : [])),
    context.serviceId,
  )
  const matches = new Map<Event, Match>()
  const match = (event: Event): Match => {
    const known = matches.get(event) ?? matchOf(context, subjectOf, shownBy(event))
    matches.set(event, known)
    return known
  }
  const { alerts, verdicts, changed } = foldArrivals(before, arrivals, {
    groupOf: (event) => match(event).groupKey,
    termsOf: (event) => match(event).terms ?? context.terms,
    mutedBy: (event) => mutedBy(context, subjectOf, shownBy(event)),
  })

  // The incident of each (alert, episode), as known before and as found now.
  const incidents = new Map<string, string>()
  for (const alert of before.values())
    if (alert.ticketId) incidents.set(episodeKey(alert.key, alert.state.episode), alert.ticketId)
  const asking = new Map<Verdict, ClaimOfAlert>()
  const asked = new Set(incidents.keys())
  for (const alert of before.values())
    if (alert.restraint.apart) asked.add(episodeKey(alert.key, alert.state.episode))
  for (const verdict of verdicts) {
    const { event, outcome, held, receiptId } = verdict
    if (event.kind === 'unreadable' || (outcome !== 'fired' && outcome !== 'repeated')) continue
    // One that flaps opens nothing, but stays with its incident while that is open.
    if (held && held.by !== 'flapping') continue
    const episode = episodeKey(event.dedup_key, verdict.episode!)
    if (outcome === 'repeated' && asked.has(episode)) continue
    // The alert as this event shows it: a later one of the batch may have changed its face already.
    const standing = alerts.get(event.dedup_key)!
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
    }
    // A repeat asks only while its episode has no incident and it has grown bad enough for one.
    if (outcome === 'repeated' && !claim.mayOpen) continue
    if (claim.mayOpen) asked.add(episode)
    asking.set(verdict, claim)
  }
  const placed = await placeAlerts(tx, context, [...asking.values()])
  const placedOf = new Map([...asking.keys()].map((verdict, index) => [verdict, placed[index]!] as const))
  for (const [verdict, { ticketId }] of placedOf)
    if (ticketId) incidents.set(episodeKey(asking.get(verdict)!.key, verdict.episode!), ticketId)

  const standing = [...changed].map((key) => {
    const alert = alerts.get(key)!
    const ticketId = incidents.get(episodeKey(key, alert.state.episode)) ?? alert.ticketId
    // What has found its ticket in this batch waits no longer.
    const held = ticketId && !alert.ticketId ? null : alert.restraint.held
    return { ...alert, ticketId, restraint: { ...alert.restraint, held } }
  })
  const ids = new Map([...before].map(([key, alert]) => [key, alert.id!]))
  for (const [key, id] of await saveAlerts(tx, integrationId, standing)) ids.set(key, id)

  const decided = verdicts.map((verdict): Decided => {
    const key = keyOf(verdict.event)
    const where = placedOf.get(verdict)
    return {
      ...verdict,
      ...(where && bucketOf(verdict, where)),
      alertId: (key && verdict.episode !== null && ids.get(key)) || null,
      ticketId: (key && incidents.get(episodeKey(key, verdict.episode ?? 0))) || null,
    }
  })
  await writeLinks(
    tx,
    decided.flatMap((one, index): Link[] => {
      const where = placedOf.get(verdicts[index]!)
      if (!where?.ticketId || (where.how !== 'opened' && where.how !== 'joined')) return []
      return [
        {
          alertId: one.alertId!,
          episode: one.episode!,
          ticketId: where.ticketId,
          how: where.how,
          evidence: where.evidence,
        },
      ]
    }),
  )
  await propose(
    tx,
    decided.flatMap((one, index) => {
      const where = placedOf.get(verdicts[index]!)
      if (where?.how !== 'proposed') return []
      return [{ alertId: one.alertId!, episode: one.episode!, evidence: where.evidence }]
    }),
  )
  const changes = decided.flatMap((one, index) =>
    changeOf(one, verdicts[index]!, placedOf.get(verdicts[index]!)),
  )
  await recordChanges(tx, changes)
  await still(
    tx,
    changes.flatMap(({ verb, ticketId }) => (verb === 'snooze' && ticketId ? [ticketId] : [])),
  )
  await scheduleRecoveries(
    tx,
    [...new Set(changes.flatMap((change) => change.ticketId ?? []))],
    context.holdMs,
  )
  await writeChanges(tx, integrationId, decided)
  await writeEvents(
    tx,
    integrationId,
    receipts.map((receipt) => receipt.seq),
    decided,
  )
}

const keyOf = (event: Event | Unreadable) => (event.kind === 'unreadable' ? undefined : event.dedup_key)
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

const STATUS = { fire: 'firing', resolve: 'resolved', acknowledge: 'acknowledged' } as const

function changeOf(decided: Decided, verdict: Verdict, placed: Placed | undefined): AlertChange[] {
  const { event, alertId, ticketId, receiptId, episode } = decided
  if (event.kind === 'unreadable' || alertId === null || episode === null) return []
  const cause = { kind: 'receipt', id: receiptId }
  const change = { alertId, ticketId, cause, episode, severity: event.severity }
  const as = (verb: keyof typeof STATUS) => ({ ...change, verb, status: STATUS[verb] })
  if (verdict.bucket === 'opened' || placed?.ticketId)
    return [{ ...as('fire'), ...(placed && { why: { ...placed.evidence, how: placed.how } }) }]
  if (verdict.outcome === 'fired' && verdict.held) {
    const status = suppresses(verdict.held) ? 'suppressed' : 'firing'
    return [{ ...change, verb: 'hold', status, why: { ...verdict.held } }]
  }
  if (event.kind === 'snooze') {
    const until = event.annotations.until
    return verdict.bucket === 'acknowledged'
      ? [{ ...change, verb: 'snooze', status: 'suppressed', why: { by: 'snoozed', until } }]
      : []
  }
  if (verdict.bucket === 'resolved') return [as('resolve')]
  if (verdict.bucket === 'acknowledged') return [as('acknowledge')]
  return []
}
