import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { type Reader, ticketSupervised } from '../auth/index.ts'

/** Bounds of the age of what is open, the youngest first; what is older than the last is the last bucket. */
export const AGES = ['4h', '1d', '3d', '7d', '30d'] as const

export interface OpenNow {
  as_of: Date
  /** `age` counts the bounds that lie behind: 0 is younger than four hours. */
  cells: { state: string; priority: string; team_id: string | null; age: number; count: number }[]
}

/** What is open by state, priority, team and age: one statement, answered by an index alone. */
export async function readOpen(db: Db, reader: Reader): Promise<OpenNow> {
  const bounds = AGES.toReversed().map((age) => sql`tocsin_now() - ${sql.lit(age)}::interval`)
  const { rows } = await sql<OpenNow>`
    with bound as materialized (select tocsin_now() as now, array[${sql.join(bounds)}] as at)
    select (select now from bound) as as_of, coalesce(jsonb_agg(x), '[]') as cells from (
      select t.state, t.priority, t.team_id, ${AGES.length} - width_bucket(t.created_at, (select at from bound)) as age, count(*) as count
      from ticket t where t.state not in ('resolved', 'closed', 'cancelled') and ${ticketSupervised(reader)}
      group by 1, 2, 3, 4) x`.execute(db)
  return rows[0]!
}
