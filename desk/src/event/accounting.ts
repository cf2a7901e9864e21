import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { type Bucket, BUCKETS } from './schema.ts'

export interface Accounting {
  received: number
  /** Committed at the door, not yet decided. */
  waiting: number
  buckets: Record<Bucket, number>
  /** received = waiting + the sum of the buckets. */
  balanced: boolean
  /** Requests refused, kept apart: their events were never taken. */
  rejected: number
  as_of: Date
  /** Events received in each of the last 60 minutes that had any. */
  per_minute: { minute: Date; count: number }[]
}

/** What became of everything an integration sent. */
export async function readAccounting(db: Db, integrationId: string): Promise<Accounting> {
  return (await readAccountings(db, [integrationId])).get(integrationId)!
}

/** The same of many, read in one statement and so in one snapshot. */
export async function readAccountings(db: Db, integrationIds: string[]): Promise<Map<string, Accounting>> {
  const { rows } = await sql<Row>`
    select i.id, m.now as as_of,
      (select coalesce(sum(event_count), 0)::int8 from receipt_waiting where integration_id = i.id) as waiting,
      (select coalesce(jsonb_object_agg(bucket, count), '{}')
       from (select bucket, sum(count) as count from (
               select bucket, count from tally_total where integration_id = i.id
               union all select bucket, count from tally where integration_id = i.id and slot >= 0) b
             group by bucket) c) as counts,
      (select coalesce(jsonb_agg(jsonb_build_array(minute, count) order by minute), '[]')
       from (select minute, sum(count) as count from tally
             where integration_id = i.id and bucket = 'received' and minute > m.now - interval '60 minutes'
             group by minute) r) as recent
    from (select tocsin_now() as now) m, unnest(${integrationIds}::uuid[]) as i(id)`.execute(db)
  return new Map(rows.map((row) => [row.id, accountOf(row)]))
}

interface Row {
  id: string
  as_of: Date
  waiting: number
  counts: Record<string, number>
  recent: [string, number][]
}

function accountOf({ as_of, waiting, counts, recent }: Row): Accounting {
  const buckets = Object.fromEntries(BUCKETS.map((bucket) => [bucket, counts[bucket] ?? 0])) as Record<
    Bucket,
    number
  >
  const received = counts.received ?? 0
  const decided = Object.values(buckets).reduce((sum, count) => sum + count, 0)
  return {
    received,
    waiting,
    buckets,
    balanced: received === waiting + decided,
    rejected: counts.rejected ?? 0,
    as_of,
    per_minute: recent.map(([minute, count]) => ({ minute: new Date(minute), count })),
  }
}
