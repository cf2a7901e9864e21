import { sql, type Transaction } from 'kysely'
import { z } from 'zod'
import type { Db, Tables } from '@tocsin/db'
import { type Store, whole } from '../store/store.ts'

const READER = 'analytics'
// One pipe copies at a time, however many processes there are.
const PIPE = 7_013_002

/** How far the store has come: the last place copied, of which record, true as of when. */
export interface Copied {
  record: string
  place: number
  asOf: Date
}

/** The place up to which the record knows that lines are copied; undefined asks for a rebuild. */
export async function readCursor(db: Db | Transaction<Tables>): Promise<number | undefined> {
  const row = await db
    .selectFrom('feed_cursor')
    .select('place')
    .where('reader', '=', READER)
    .executeTakeFirst()
  return row?.place
}

export async function saveCursor(db: Db, place: number): Promise<void> {
  await sql`
    insert into feed_cursor (reader, place, updated_at) values (${READER}, ${place}, tocsin_now())
    on conflict (reader) do update set place = excluded.place, updated_at = excluded.updated_at`.execute(db)
}

/** Without a cursor the next step of the pipe fills the store anew from the record. */
export async function dropCursor(db: Db): Promise<void> {
  await db.deleteFrom('feed_cursor').where('reader', '=', READER).execute()
}

/** Which record this is: a restored copy goes on counting places, but its future is another one. */
export async function recordIdentity(db: Db): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select (select system_identifier from pg_control_system())::text || '/' ||
           (select oid from pg_database where datname = current_database())::text as id`.execute(db)
  return rows[0]!.id
}

export async function readCopied(store: Store): Promise<Copied | undefined> {
  const [row] = await store.ask({
    name: 'copied',
    text: 'select record, place, toUnixTimestamp64Milli(as_of) as as_of from copied final',
    row: z.object({ record: z.string(), place: whole, as_of: whole }),
  })
  return row && { record: row.record, place: row.place, asOf: new Date(row.as_of) }
}

export async function saveCopied(store: Store, copied: Copied): Promise<void> {
  const { record, place, asOf } = copied
  await store.insert('copied', [{ only_row: 1, record, place, as_of: asOf }])
}

/** Runs `work` as the only pipe of this record; undefined when another process is at it. */
export async function asOnlyPipe<T>(db: Db, work: () => Promise<T>): Promise<T | undefined> {
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{ held: boolean }>`select pg_try_advisory_lock(${PIPE}) as held`.execute(
      connection,
    )
    if (!rows[0]!.held) return undefined
    try {
      return await work()
    } finally {
      await sql`select pg_advisory_unlock(${PIPE})`.execute(connection)
    }
  })
}
