import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { type Alert, dueAt } from '../alert/index.ts'
import type { Event, Unreadable } from '../event/index.ts'
import type { Context } from './context.ts'

/** What of a decision is kept beside its receipts, so that it can be made again exactly. */
export interface DecisionRow {
  seen: string
  placedIn: string | null
  /** Alerts whose own time had come when it took them, in the order taken, with what they waited for. */
  overdue: [key: string, due: number | null][]
  known: Alert[]
}

interface Taken {
  context: Context
  placedIn: string | null
  /** The alerts that it concerns, as it found them. */
  taken: Alert[]
}

export function decisionOf({ now }: Tx, { context, placedIn, taken }: Taken): DecisionRow {
  const at = now.getTime()
  const today = startOfDay(at)
  return {
    seen: context.seen,
    placedIn,
    overdue: taken.flatMap(({ key, state, restraint, terms }) => {
      const due = dueAt(state, restraint, terms)
      return due !== null && due <= at ? [[key, due] as [string, number]] : []
    }),
    // What rested before the day began stands in none of its checkpoints.
    known: taken.filter(({ state }) => state.status === 'resolved' && state.lastAt < today),
  }
}

const DAY_MS = 86_400_000
export const startOfDay = (at: number): number => at - (at % DAY_MS)

export interface ChangedReceipt {
  seq: number
  events: (Event | Unreadable)[]
}

/** The receipts whose events were decided otherwise than they waited; the others are moved as they are. */
export function changedReceipts(
  receipts: (ChangedReceipt & { readAnew?: boolean })[],
  known: (Event | Unreadable)[],
): ChangedReceipt[] {
  let place = 0
  return receipts.flatMap(({ seq, events, readAnew }) => {
    const decided = known.slice(place, (place += events.length))
    return readAnew || decided.some((event, index) => event !== events[index])
      ? [{ seq, events: decided }]
      : []
  })
}

/** An ageing is kept with the alerts that it took: when time acted is part of the order. */
export async function keepAgeing(tx: Tx, taken: Taken): Promise<void> {
  const { seen, placedIn, known, ...decision } = decisionOf(tx, taken)
  const due = new Map(decision.overdue)
  // Where a window begins or ends, the time has come of alerts that waited for nothing themselves.
  const overdue = taken.taken.map(({ key }) => [key, due.get(key) ?? null])
  await sql`
    insert into decision (at, kind, integration_id, seen, placed_in, overdue, known)
    values (${tx.now}, 'ageing', ${taken.context.integrationId}, ${seen}::pg_snapshot, ${placedIn}::pg_snapshot,
            ${JSON.stringify(overdue)}::jsonb, ${JSON.stringify(known)}::jsonb)`.execute(tx.db)
}
