import { sql, type Transaction } from 'kysely'
import { type Db, lastPlace, readFeed, type Tables } from '@tocsin/db'
import { type FactRow, integrationFact, pageFact, readFacts, ticketFact, workFact } from '../facts/index.ts'
import type { Store } from '../store/store.ts'
import { saveCopied, saveCursor } from './place.ts'
import { type Hours, readTallies, type TallyRow } from './tallies.ts'

/** What one step copies: lines of the feed, and the facts that they touched as they stood in one snapshot. */
export interface Batch {
  /** The last place it covers. */
  place: number
  /** True up to this instant. */
  asOf: Date
  lines: number
  tickets: FactRow[]
  pages: FactRow[]
  work: FactRow[]
  integrations: FactRow[]
  tallies: TallyRow[]
  hours: Hours
}

const WIDEST_BATCH = 5_000
// Counts that commit late land in an earlier minute: looking back this far finds them within seconds.
const TALLY_LOOK_BACK_MS = 2 * 3_600_000
// Lines about these change whose an integration's events are.
const OWNERSHIP = new Set(['integration', 'service'])

/** One snapshot of the record, in which nothing moves; nothing may be written in it. */
export const inSnapshot = <T>(db: Db, work: (snapshot: Transaction<Tables>) => Promise<T>): Promise<T> =>
  db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work)

/**
 * The next lines after `after` and the facts they touched. `whole` takes all there is instead: every line placed,
 * those that still wait for their place, every hour of the tally, every integration.
 */
export async function readBatch(
  snapshot: Transaction<Tables>,
  { after, hours, whole = false }: { after: number; hours: Hours; whole?: boolean },
): Promise<Batch> {
  const { rows: clock } = await sql<{ now: Date; waits_since: Date | null }>`
    select tocsin_now() as now, (select recorded_at from activity_waiting order by id limit 1) as waits_since`.execute(
    snapshot,
  )
  const { now, waits_since: waitsSince } = clock[0]!
  const lines = await readFeed(snapshot, after, whole ? 1_000_000 : WIDEST_BATCH)
  const caughtUp = whole || lines.length < WIDEST_BATCH
  const place = lines.at(-1)?.place ?? Math.max(after, await lastPlace(snapshot))

  const touched = new Set(lines.flatMap((line) => line.ticket_id ?? []))
  if (whole) for (const id of await waitingTickets(snapshot)) touched.add(id)
  const ids = [...touched]
  const ownershipMoved = whole || lines.some((line) => OWNERSHIP.has(line.subject_kind))
  const tallies = await readTallies(
    snapshot,
    hours,
    whole ? new Date(0) : new Date(+now - TALLY_LOOK_BACK_MS),
  )
  return {
    place,
    // What waits for its place is not copied yet, unless all there is was asked for.
    asOf: caughtUp ? (!whole && waitsSince) || now : lines.at(-1)!.recorded_at,
    lines: lines.length,
    tickets: ids.length ? await readFacts(snapshot, ticketFact, place, sql`t.id = any(${ids}::uuid[])`) : [],
    pages: ids.length
      ? await readFacts(snapshot, pageFact, place, sql`p.ticket_id = any(${ids}::uuid[])`)
      : [],
    work: ids.length
      ? await readFacts(snapshot, workFact, place, sql`e.ticket_id = any(${ids}::uuid[])`)
      : [],
    integrations: ownershipMoved ? await readFacts(snapshot, integrationFact, place, sql`true`) : [],
    tallies: tallies.rows,
    hours: tallies.hours,
  }
}

/**
 * Into the store first, then the store's own mark, then the record's cursor: wherever it stops, the next step
 * copies again what was copied, and the newest reading of a row replaces the older.
 */
export async function writeBatch(db: Db, store: Store, record: string, batch: Batch): Promise<void> {
  await store.insert(ticketFact.table, batch.tickets)
  await store.insert(pageFact.table, batch.pages)
  await store.insert(workFact.table, batch.work)
  await store.insert(integrationFact.table, batch.integrations)
  await store.insert(
    'tally',
    batch.tallies.map((row) => ({ ...row })),
  )
  await saveCopied(store, { record, place: batch.place, asOf: batch.asOf })
  await saveCursor(db, batch.place)
}

export const isEmpty = (batch: Batch): boolean => batch.lines === 0 && batch.tallies.length === 0

async function waitingTickets(snapshot: Transaction<Tables>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct a.ticket_id as id
    from activity_waiting w join activity a on a.id = w.id and a.recorded_at = w.recorded_at
    where a.ticket_id is not null`.execute(snapshot)
  return rows.map((row) => row.id)
}
