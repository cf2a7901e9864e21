import type { Db } from '@tocsin/db'
import { DeskError, OPEN_STATES, type Reader } from '@tocsin/desk'
import { sql } from 'kysely'
import { type ReadFilter, type TicketFilter, whereFound } from './filter.ts'
import { readFilter } from './names.ts'

const CAP = 1000
const PATIENCE_MS = 300
const PATIENCE_ALL_MS = 1000

export interface Counted {
  count: number
  capped: boolean
}

/** Each question with a name of its own. */
export type Questions = Record<string, ReadFilter>

/** How many tickets each of these questions finds, up to where counting stops, in one statement. */
export async function countAll(db: Db, reader: Reader, asked: Questions): Promise<Record<string, Counted>> {
  const entries = Object.entries(asked)
  if (entries.length === 0) return {}
  const columns = entries.map(
    ([name, filter]) => sql`
      (select count(*)::int from (select from ticket t where ${whereFound(filter, reader)} limit ${CAP}) x) as ${sql.ref(name)}`,
  )
  const { rows } = await sql<Record<string, number>>`select ${sql.join(columns)}`.execute(db)
  return Object.fromEntries(
    Object.entries(rows[0]!).map(([name, count]) => [name, { count, capped: count === CAP }]),
  )
}

/**
 * The same for questions of any kind. Those about open tickets are few rows whatever they ask, and are counted together;
 * each of the others has its moment, and null where that was not enough, or where it cannot be read any more.
 */
export async function countViews(
  db: Db,
  reader: Reader,
  asked: Record<string, TicketFilter>,
): Promise<Record<string, Counted | null>> {
  const read = await Promise.all(
    Object.entries(asked).map(async ([name, filter]) => [name, await readable(db, filter)] as const),
  )
  const known = read.flatMap(([name, filter]) =>
    filter && isReadable(filter, reader) ? [[name, filter] as const] : [],
  )
  const together = known.filter(([, filter]) => isCheap(filter))
  const apart = known.filter(([, filter]) => !isCheap(filter))
  const counted = [await countAll(db, reader, Object.fromEntries(together))]
  const until = Date.now() + PATIENCE_ALL_MS
  for (const [name, filter] of apart)
    if (Date.now() < until)
      // oxlint-disable-next-line no-await-in-loop -- one after the other: nobody's views take every connection
      counted.push(await countInTime(db, reader, name, filter))
  return Object.assign({}, ...read.map(([name]) => ({ [name]: null })), ...counted)
}

/** What was kept long ago may be misread today; the list says how. */
async function readable(db: Db, asked: TicketFilter): Promise<ReadFilter | undefined> {
  try {
    return (await readFilter(db, asked)).filter
  } catch (error) {
    if (error instanceof DeskError) return undefined
    throw error
  }
}

function isReadable(filter: ReadFilter, reader: Reader): boolean {
  try {
    whereFound(filter, reader)
    return true
  } catch (error) {
    if (error instanceof DeskError) return false
    throw error
  }
}

const isCheap = (filter: ReadFilter): boolean =>
  !filter.q &&
  (filter.state === 'open' ||
    filter.sla === 'at_risk' ||
    (filter.state?.every((one) => (OPEN_STATES as string[]).includes(one)) ?? false))

const CANCELED = '57014'

async function countInTime(
  db: Db,
  reader: Reader,
  name: string,
  filter: ReadFilter,
): Promise<Record<string, Counted>> {
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${`${PATIENCE_MS}ms`}, true)`.execute(tx)
      return countAll(tx, reader, { [name]: filter })
    })
  } catch (error) {
    if ((error as { code?: string }).code === CANCELED) return {}
    throw error
  }
}
