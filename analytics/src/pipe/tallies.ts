import { sql, type Transaction } from 'kysely'
import { z } from 'zod'
import type { Tables } from '@tocsin/db'
import { type Store, whole } from '../store/store.ts'

export interface TallyRow {
  integration_id: string
  minute: Date
  bucket: string
  count: number
}

/** Events counted in each hour, by the hour's beginning in milliseconds. */
export type Hours = Map<number, number>

/** What the store holds. Counts only grow, so an hour with an equal sum has equal rows. */
export async function storedHours(store: Store): Promise<Hours> {
  const rows = await store.ask({
    name: 'tally hours',
    text: `select toInt64(toUnixTimestamp(toStartOfHour(minute))) * 1000 as hour, sum(count) as total
           from tally final group by hour`,
    row: z.object({ hour: whole, total: whole }),
  })
  return new Map(rows.map((row) => [row.hour, row.total]))
}

/** The hours from `since` on, up to `until`, whose sums differ from `known`: in full, and their new sums. */
export async function readTallies(
  snapshot: Transaction<Tables>,
  known: Hours,
  since: Date,
  until?: Date,
): Promise<{ rows: TallyRow[]; hours: Hours }> {
  const { rows: sums } = await sql<{ hour: Date; total: number }>`
    select date_trunc('hour', minute, 'UTC') as hour, sum(count)::bigint as total
    from tally
    where minute >= date_trunc('hour', ${since}::timestamptz, 'UTC')
      and minute < coalesce(${until ?? null}::timestamptz, 'infinity')
    group by 1`.execute(snapshot)
  const changed = sums.filter(({ hour, total }) => known.get(hour.getTime()) !== total)
  if (changed.length === 0) return { rows: [], hours: new Map() }
  const hours = changed.map(({ hour }) => hour).toSorted((a, b) => +a - +b)
  const { rows } = await sql<TallyRow>`
    select integration_id, minute, bucket, sum(count)::bigint as count
    from tally
    where minute >= ${hours[0]}::timestamptz and minute < ${hours.at(-1)}::timestamptz + interval '1 hour'
      and date_trunc('hour', minute, 'UTC') = any(${hours}::timestamptz[])
    group by integration_id, minute, bucket`.execute(snapshot)
  return { rows, hours: new Map(changed.map(({ hour, total }) => [hour.getTime(), total])) }
}
