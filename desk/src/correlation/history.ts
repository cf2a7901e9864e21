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
}

const DAYS = 30

/** What these rules and the default one did in the last 30 days, and how often people disagreed. */
export async function readUse(db: Db, rules: string[]): Promise<RuleUse[]> {
  const { rows } = await sql<RuleUse>`
    with since as materialized (select tocsin_now() - make_interval(days => ${DAYS}) as at)
    select r.rule, coalesce(l.opened, 0) as opened, coalesce(l.joined, 0) as joined,
           coalesce(l.detached, 0) as detached, coalesce(p.declined, 0) as declined
    from unnest(${[...rules, DEFAULT_RULE]}::text[]) with ordinality r(rule, place)
    left join lateral (
      select count(*) filter (where how = 'opened') as opened, count(*) filter (where how = 'joined') as joined,
             count(*) filter (where detached_at is not null) as detached
      from alert_link where rule = r.rule and linked_at >= (select at from since)) l on true
    left join (
      select rule, count(*) as declined from proposal
      where state = 'declined' and decided_at >= (select at from since) group by rule) p on p.rule = r.rule
    order by r.place`.execute(db)
  return rows
}
