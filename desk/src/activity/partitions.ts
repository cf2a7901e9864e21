import type { Db } from '@tocsin/db'
import { sql } from 'kysely'

/** Makes the partitions of the days and months ahead, so that rows need not rest in the default ones. */
export async function ensurePartitions(db: Db): Promise<number> {
  await sql`select ensure_partitions()`.execute(db)
  return 0
}
