import type { Db } from '@tocsin/db'
import { sql } from 'kysely'

const BATCH = 5_000
/** Longer than a transaction lives that counts into a minute; one that is later still is folded in afterwards. */
const SETTLED_MINUTES = 10

/**
 * Merges the tallies of minutes that are over into one row each and adds them to their integration's totals, in
 * one statement: an account reads the same before and after. Answers how many rows were taken up.
 */
export async function foldTallies(db: Db): Promise<number> {
  const { rows } = await sql<{ folded: number }>`
    with old as (
      select integration_id, minute, bucket, slot from tally
      where slot >= 0 and minute < (select tocsin_now()) - ${SETTLED_MINUTES} * interval '1 minute'
      order by integration_id, minute limit ${BATCH} for update skip locked
    ), taken as (
      delete from tally t using old o
      where t.integration_id = o.integration_id and t.minute = o.minute and t.bucket = o.bucket and t.slot = o.slot
      returning t.integration_id, t.minute, t.bucket, t.count
    ), merged as (
      insert into tally as t (integration_id, minute, bucket, slot, count)
      select integration_id, minute, bucket, -1, sum(count) from taken group by 1, 2, 3 order by 1, 2, 3
      on conflict (integration_id, minute, bucket, slot) do update set count = t.count + excluded.count
    ), totalled as (
      insert into tally_total as t (integration_id, bucket, count)
      select integration_id, bucket, sum(count) from taken group by 1, 2 order by 1, 2
      on conflict (integration_id, bucket) do update set count = t.count + excluded.count
    )
    select count(*) as folded from taken`.execute(db)
  return rows[0]!.folded
}
