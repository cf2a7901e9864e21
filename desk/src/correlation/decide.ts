import type { Severity } from '@tocsin/db'
import type { Tx } from '../activity/index.ts'
import { type Alert, type Arrival, lockAlerts, saveAlerts } from '../alert/index.ts'
import type { Event, Unreadable } from '../event/index.ts'
import { enrichEvents } from '../lookup/index.ts'
import { still } from './age.ts'
import { changeOf } from './change.ts'
import { type Context, readContext } from './context.ts'
import { heedSenders } from './heed.ts'
import { changedReceipts, decisionOf } from './journal.ts'
import { placeAlerts, type Placed, RANK } from './place.ts'
import { propose } from './propose.ts'
import { scheduleRecoveries } from './recover.ts'
import { ask, type Asked, keyOf, settle } from './step.ts'
import { readSubjects } from './subjects.ts'
import { type Decided, recordChanges, writeEvents, writeLinks } from './write.ts'
import { findWorse, worsen } from './worsen.ts'
import { writeChanges } from './write-changes.ts'

export interface WaitingReceipt {
  seq: number
  receiptId: string
  receivedAt: Date
  events: (Event | Unreadable)[]
  /** They are not as they waited: a dead letter was read anew, or given up. */
  readAnew?: boolean
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
  const subjectOf = await readSubjects(tx, matched(context, before, arrivals), context.serviceId)
  const asked = ask({ context, subjectOf, before, arrivals })
  const { placed, seen } = await placeAlerts(
    tx,
    context,
    asked.claims.map(({ claim }) => claim),
  )
  const { standing, outcomes } = settle(asked, placed)

  const ids = new Map([...before].map(([key, alert]) => [key, alert.id!]))
  for (const [key, id] of await saveAlerts(tx, integrationId, standing, before)) ids.set(key, id)
  const decided = outcomes.map((outcome): Decided => {
    const key = keyOf(outcome.event)
    return { ...outcome, alertId: (key && outcome.episode !== null && ids.get(key)) || null }
  })
  await writeLinks(
    tx,
    decided.flatMap(({ alertId, episode, placed }) =>
      placed?.ticketId && (placed.how === 'opened' || placed.how === 'joined')
        ? [
            {
              alertId: alertId!,
              episode: episode!,
              ticketId: placed.ticketId,
              how: placed.how,
              evidence: placed.evidence,
            },
          ]
        : [],
    ),
  )
  await propose(
    tx,
    decided.flatMap(({ alertId, episode, placed }) =>
      placed?.how === 'proposed' ? [{ alertId: alertId!, episode: episode!, evidence: placed.evidence }] : [],
    ),
  )
  await worsen(tx, findWorse(standing, before, { ids, opened: beganWith(asked, placed) }))
  const changes = decided.flatMap((one) => changeOf(one, one.alertId) ?? [])
  await recordChanges(tx, changes)
  await still(
    tx,
    changes.flatMap(({ verb, ticketId }) => (verb === 'snooze' && ticketId ? [ticketId] : [])),
  )
  await heedSenders(tx, changes)
  await scheduleRecoveries(
    tx,
    [...new Set(changes.flatMap((change) => change.ticketId ?? []))],
    context.holdMs,
  )
  await writeChanges(tx, integrationId, decided, before)
  await writeEvents(
    tx,
    integrationId,
    receipts.map((receipt) => receipt.seq),
    decided,
    {
      ...decisionOf(tx, { context, placedIn: seen, taken: [...before.values()] }),
      changed: changedReceipts(receipts, known),
    },
  )
}

/** The triggers that rules or windows may be asked about: not those that only repeat what stands in a ticket. */
function matched(context: Context, before: Map<string, Alert>, arrivals: Arrival[]): Event[] {
  const fresh = new Set(arrivals.flatMap(({ event }) => (event.kind === 'resolve' ? [event.dedup_key] : [])))
  return arrivals.flatMap(({ event }) => {
    if (event.kind !== 'trigger') return []
    const alert = before.get(event.dedup_key)
    const stands = alert?.ticketId && alert.state.status !== 'resolved' && !fresh.has(event.dedup_key)
    return stands && context.windows.length === 0 ? [] : [event]
  })
}

/** How bad the tickets were that this batch has opened: as the worst alert that asked for each. */
function beganWith({ claims }: Asked, placed: Placed[]): Map<string, Severity> {
  const opened = new Set(placed.flatMap(({ how, ticketId }) => (how === 'opened' ? (ticketId ?? []) : [])))
  const began = new Map<string, Severity>()
  for (const [index, { claim }] of claims.entries()) {
    const { ticketId } = placed[index]!
    if (ticketId === null || !opened.has(ticketId)) continue
    const known = began.get(ticketId)
    if (!known || RANK[claim.severity] > RANK[known]) began.set(ticketId, claim.severity)
  }
  return began
}
