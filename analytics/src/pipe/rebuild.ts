import { sql } from 'kysely'
import { type Db, lastPlace } from '@tocsin/db'
import { type Fact, integrationFact, pageFact, readFacts, ticketFact, workFact } from '../facts/index.ts'
import type { Store } from '../store/store.ts'
import { inSnapshot } from './batch.ts'
import { dropCursor, saveCopied, saveCursor } from './place.ts'
import { readTallies } from './tallies.ts'

const CHUNK = 20_000
const DAY_MS = 86_400_000

/**
 * Empties the store and fills it from the record, a chunk of rows and a snapshot at a time. What changes
 * meanwhile has its line after the place noted first, so the pipe copies it again afterwards. The cursor goes
 * first and comes back last: interrupted, it begins anew.
 */
export async function rebuildStore(
  db: Db,
  store: Store,
  record: string,
  progress: (copied: number) => void,
): Promise<{ place: number; asOf: Date; rows: number }> {
  await dropCursor(db)
  for (const table of ['copied', 'tally', ...FACTS.map((fact) => fact.table)])
    await store.run(`truncate table ${table}`)
  const { place, asOf } = await inSnapshot(db, async (snapshot) => {
    const { rows } = await sql<{ now: Date }>`select tocsin_now() as now`.execute(snapshot)
    return { place: await lastPlace(snapshot), asOf: rows[0]!.now }
  })
  let rows = 0
  const note = (copied: number) => {
    rows += copied
    progress(rows)
  }
  for (const fact of FACTS) await copyAll(db, store, fact, note)
  await copyTallies(db, store, note)
  await saveCopied(store, { record, place, asOf })
  await saveCursor(db, place)
  return { place, asOf, rows }
}

const FACTS = [integrationFact, ticketFact, pageFact, workFact]

// The ids of a chunk are found first: asked for together with their rows, Postgres merges the whole of the joined
// tables up to them, and a million tickets took as many times longer as there are chunks.
async function copyAll(db: Db, store: Store, fact: Fact, note: (copied: number) => void): Promise<void> {
  const [from, key] = [sql.raw(fact.from), sql.raw(fact.key)]
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const chunk = sql`select ${key} from ${from} where ${key} > ${after}::uuid order by ${key} limit ${CHUNK}`
    const rows = await inSnapshot(db, async (snapshot) =>
      readFacts(
        snapshot,
        fact,
        await lastPlace(snapshot),
        sql`${key} = any(array(${chunk})) order by ${key}`,
      ),
    )
    if (rows.length === 0) return
    await store.insert(fact.table, rows)
    note(rows.length)
    after = rows.at(-1)!.id as string
  }
}

/** A fortnight at a time, from the first minute counted. */
async function copyTallies(db: Db, store: Store, note: (copied: number) => void): Promise<void> {
  const { rows: span } = await sql<{ first: Date | null; last: Date | null }>`
    select min(minute) as first, max(minute) as last from tally`.execute(db)
  const { first, last } = span[0]!
  if (!first || !last) return
  for (let since = +first; since <= +last; since += 14 * DAY_MS) {
    const until = new Date(since + 14 * DAY_MS)
    const { rows } = await inSnapshot(db, (snapshot) =>
      readTallies(snapshot, new Map(), new Date(since), until),
    )
    await store.insert(
      'tally',
      rows.map((row) => ({ ...row })),
    )
    note(rows.length)
  }
}
