import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { analyticsScope, type Reader, ticketSupervised } from '../auth/index.ts'
import { type Group, MODEL, toldBy } from './odds.ts'
import { type Score, scoreOf, type Sums } from './score.ts'

export interface Foretold {
  number: string
  title: string
  kind: string
  state: string
  priority: string
  team: { id: string; name: string } | null
  assignee: { id: string; name: string } | null
  service: { id: string; name: Record<string, string> } | null
  revision: number
  target: 'response' | 'resolution'
  due_at: Date
  used: number
  odds: number | null
  /** Whom the odds are told by; null: no like ticket was still open at this point. */
  like: Group | null
  groups: Group[]
}

export interface Outlook {
  as_of: Date
  model: number
  /** Clocks that are due by then, how many of them are expected to break, and for how many nobody can say. */
  due: number
  expected: number
  unknown: number
  items: Foretold[]
}

/** What is due within these hours, the most likely to break first; what has ended or waits since is left out. */
export async function readOutlook(
  db: Db,
  reader: Reader,
  { hours, team, limit }: { hours: number; team?: string; limit: number },
): Promise<Outlook> {
  const { rows } = await sql<{
    as_of: Date
    due: number
    expected: number
    unknown: number
    items: Omit<Foretold, 'like'>[]
  }>`
    with soon as materialized (
      select o.used, o.odds, o.groups, c.due_at, c.target, t.id
      from breach_odds o join sla_clock c on c.id = o.clock_id join ticket t on t.id = o.ticket_id
      where c.stopped_at is null and c.breached_at is null and c.due_at > (select tocsin_now())
        and c.due_at <= (select tocsin_now()) + make_interval(hours => ${hours})
        and ${ticketSupervised(reader)} and ${team ? sql`t.team_id = ${team}` : sql`true`}
    ), first as (select * from soon order by odds desc nulls last, due_at, id limit ${limit})
    select tocsin_now() as as_of, (select count(*) from soon) as due, (select coalesce(sum(odds::float8), 0) from soon) as expected,
      (select count(*) from soon where odds is null) as unknown,
      coalesce((select jsonb_agg(jsonb_build_object('number', t.number, 'title', t.title, 'kind', t.kind, 'state', t.state,
          'priority', t.priority, 'revision', t.revision,
          'team', case when m.id is not null then jsonb_build_object('id', m.id, 'name', m.name) end,
          'assignee', case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end,
          'service', case when s.id is not null then jsonb_build_object('id', s.id, 'name', s.name) end,
          'target', f.target, 'due_at', f.due_at, 'used', round(f.used::numeric, 2), 'odds', round(f.odds::numeric, 4), 'groups', f.groups)
          order by f.odds desc nulls last, f.due_at, f.id)
        from first f join ticket t on t.id = f.id left join team m on m.id = t.team_id
        left join person p on p.id = t.assignee_id left join service s on s.id = t.service_id), '[]') as items`.execute(
    db,
  )
  const { items, ...outlook } = rows[0]!
  return {
    ...outlook,
    model: MODEL,
    items: items.map((one) => ({ ...one, due_at: new Date(one.due_at), like: toldBy(one.groups) })),
  }
}

export interface HeldOdds extends Score {
  /** Foretold, and its outcome not known yet; and those for which nobody owed the promise in the end. */
  open: number
  void: number
  /** Of those scored, how many were computed afterwards, from no more than was known at their instant. */
  back_tested: number
  months: (Pick<Score, 'n' | 'brier' | 'base_rate' | 'skill' | 'few'> & { at: string })[]
}

interface Cell extends Sums {
  month: string
  outcome: string | null
  back_test: boolean
}

/** How well the odds have held over a period, for the teams that the reader manages; months are those of `zone`. */
export async function readHeldOdds(
  db: Db,
  reader: Reader,
  { from, to, zone, target, team }: { from: Date; to: Date; zone: string; target?: string; team?: string },
): Promise<HeldOdds> {
  const { all, teams } = analyticsScope(reader)
  // Added up in double precision: odds are kept as real, and a long sum of those drifts.
  const { rows } = await sql<Cell>`
    select to_char(date_trunc('month', made_at at time zone ${zone}), 'YYYY-MM') as month, outcome, back_test,
      least(9, floor(odds::numeric * 10))::int as bin, count(*)::int as n, sum(odds::float8) as odds, sum(odds::float8 * odds) as squares,
      count(*) filter (where outcome = 'broken')::int as broke,
      coalesce(sum(odds::float8) filter (where outcome = 'broken'), 0) as hit
    from forecast f
    where model = ${MODEL}::int and made_at >= ${from} and made_at < ${to}
      and ${target ? sql`target = ${target}` : sql`true`} and ${team ? sql`team_id = ${team}` : sql`true`}
      and ${all ? sql`true` : sql`team_id = any(${teams}::uuid[])`}
    group by 1, 2, 3, 4`.execute(db)
  const scored = rows.filter(({ outcome }) => outcome === 'kept' || outcome === 'broken')
  const count = (cells: readonly Cell[]) => cells.reduce((sum, { n }) => sum + n, 0)
  return {
    ...scoreOf(scored),
    open: count(rows.filter(({ outcome }) => outcome === null)),
    void: count(rows.filter(({ outcome }) => outcome === 'void')),
    back_tested: count(scored.filter(({ back_test }) => back_test)),
    months: [...Map.groupBy(scored, ({ month }) => month)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([at, cells]) => {
        const { n, brier, base_rate, skill, few } = scoreOf(cells)
        return { at, n, brier, base_rate, skill, few }
      }),
  }
}
