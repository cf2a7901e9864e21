import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DEFAULT_RULE } from './match.ts'

export interface RuleUse {
  /** Its id, or `default`. */
  rule: string
  opened: number
  joined: number
  /** Alerts that people took out of where it had put them. */
  detached: number
  /** Tickets that it would have opened and people did not want. */
  declined: number
  /** Tickets that it opened and people merged into another. */
  merged: number
}

const DAYS = 30

/** What these rules and the default one did in the last 30 days, and how often people disagreed. */
export async function readUse(db: Db, rules: string[]): Promise<RuleUse[]> {
  const { rows } = await sql<RuleUse>`
    with since as materialized (select tocsin_now() - make_interval(days => ${DAYS}) as at)
    select r.rule, coalesce(l.opened, 0) as opened, coalesce(l.joined, 0) as joined,
           coalesce(l.detached, 0) as detached, coalesce(p.declined, 0) as declined, coalesce(m.merged, 0) as merged
    from unnest(${[...rules, DEFAULT_RULE]}::text[]) with ordinality r(rule, place)
    left join lateral (
      select count(*) filter (where how = 'opened') as opened, count(*) filter (where how = 'joined') as joined,
             count(*) filter (where detached_at is not null) as detached
      from alert_link where rule = r.rule and linked_at >= (select at from since)) l on true
    left join (
      select rule, count(*) as declined from proposal
      where state = 'declined' and decided_at >= (select at from since) group by rule) p on p.rule = r.rule
    left join (
      select c.rule, count(*) as merged from ticket_merge t join correlated_ticket c on c.ticket_id = t.from_id
      where t.merged_by is not null and t.undone_at is null and t.merged_at >= (select at from since)
      group by c.rule) m on m.rule = r.rule
    order by r.place`.execute(db)
  return rows
}
