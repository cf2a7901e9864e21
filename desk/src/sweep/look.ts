import type { Db } from '@tocsin/db'
import { type RawBuilder, sql } from 'kysely'
import type { Sweep } from './run.ts'
import type { Wakers } from './wake.ts'

/** The instant by which `Sweep.due` measures. */
export const NOW: RawBuilder<Date> = sql`(select now from clock)`

/**
 * One cheap look at all that may be due, in place of one by each sweep: a desk at rest costs one statement each
 * half second. Sweeps that find something are woken; answers 0, so that the next look comes after a rest.
 */
export async function lookForDue(db: Db, sweeps: Sweep[], wakers: Wakers): Promise<number> {
  const looks = sweeps.flatMap(({ name, due, wokenBy = name }) =>
    due ? [sql`select ${wokenBy}::text as name where exists (${due})`] : [],
  )
  const { rows } = await sql<{ name: string }>`
    with clock as materialized (select tocsin_now() as now) ${sql.join(looks, sql` union all `)}`.execute(db)
  for (const { name } of rows) wakers.wake(name)
  return 0
}
