import type { Db, Prepared } from '@tocsin/db'
import { type RawBuilder, sql } from 'kysely'
import type { Sweep } from './run.ts'
import type { Wakers } from './wake.ts'

/** The instant by which `Sweep.due` measures. */
export const NOW: RawBuilder<Date> = sql`(select now from clock)`

/**
 * One cheap look at all that may be due, in place of one by each sweep: a desk at rest costs one statement each
 * half second, planned once. The look wakes the sweeps that may find something, and answers 0: it then rests.
 */
export function lookForDue(
  db: Db,
  looking: Prepared,
  sweeps: Sweep[],
  wakers: Wakers,
): () => Promise<number> {
  const looks = sweeps.flatMap(({ name, due, wokenBy = name }) =>
    due ? [sql`select ${wokenBy}::text as name where exists (${due})`] : [],
  )
  const { sql: text, parameters } = sql`
    with clock as materialized (select tocsin_now() as now) ${sql.join(looks, sql` union all `)}`.compile(db)
  return async () => {
    for (const { name } of await looking.query<{ name: string }>('look', text, [...parameters]))
      wakers.wake(name)
    return 0
  }
}
