import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { type Asked, MODEL, oddsOf, type PastBook } from './odds.ts'

/** Marks reached longer ago are not foretold any more: that would be hindsight. */
const LATE = '10 minutes'

export interface Made {
  clock_id: string
  ticket_id: string
  target: string
  team_id: string | null
  made_at: Date
  odds: number | null
  groups: unknown
}

export interface Half extends Asked {
  clock_id: string
  ticket_id: string
  made_at: Date
}

/** Clocks half of whose target was used lately, and that were not foretold yet: also those that have ended since. */
export async function readHalves(tx: Tx): Promise<Half[]> {
  const { rows } = await sql<Half>`
    select c.id as clock_id, c.ticket_id, c.target, m.reached_at as made_at, t.kind, t.priority, t.team_id, t.service_id
    from sla_mark m join sla_clock c on c.id = m.clock_id join ticket t on t.id = c.ticket_id
    where m.percent = 50 and m.reached_at is not null and m.reached_at > ${tx.now}::timestamptz - ${sql.lit(LATE)}::interval
      and c.target in ('response', 'resolution')
      and not exists (select from forecast f where f.model = ${MODEL}::int and f.clock_id = c.id)`.execute(
    tx.db,
  )
  return rows
}

/** Keeps the odds of every clock at the same point: also of one that has ended since, or only those that drag on would be scored. */
export const makeForecasts = (tx: Tx, past: PastBook, halves: readonly Half[]): Promise<void> =>
  keepForecasts(
    tx,
    halves.map((row) => ({ ...row, ...oddsOf(past, row, 0.5) })),
    false,
  )

/** Where there were no like tickets nothing was foretold. */
export async function keepForecasts(tx: Tx, made: readonly Made[], backTest: boolean): Promise<void> {
  const given = made.filter(({ odds }) => odds !== null)
  if (given.length === 0) return
  await sql`
    insert into forecast (model, clock_id, ticket_id, target, team_id, made_at, odds, groups, back_test)
    select ${MODEL}::int, clock_id, ticket_id, target, team_id, made_at, odds, groups, ${backTest}
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      as g(clock_id uuid, ticket_id uuid, target text, team_id uuid, made_at timestamptz(3), odds real, groups jsonb)
    on conflict do nothing`.execute(tx.db)
}

/** Scores what has an outcome now; a promise that is broken after a reopening was not kept. */
export async function scoreForecasts(tx: Tx): Promise<void> {
  await sql`
    update forecast f set scored_at = ${tx.now},
      outcome = case when c.breached_at is not null then 'broken' when c.state = 'met' then 'kept' else 'void' end
    from sla_clock c
    where c.id = f.clock_id and f.outcome is null and (c.breached_at is not null or c.stopped_at is not null)`.execute(
    tx.db,
  )
  await sql`
    update forecast f set outcome = 'broken', scored_at = ${tx.now}
    from sla_clock c
    where c.id = f.clock_id and f.outcome <> 'broken' and c.breached_at is not null
      and c.breached_at > ${tx.now}::timestamptz - interval '1 day'`.execute(tx.db)
}
