import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DEFAULT_RULE } from './match.ts'
import { NO_RULES } from './ruleset.ts'

export interface RulesetVersion {
  version: number
  note: string | null
  author: { id: string; name: string } | null
  /** null: what held before anybody published. */
  published_at: Date | null
  rules: number
}

/** Who published which rules and why, the newest first; below `before` where given. The first stands in no table. */
export async function readVersions(
  db: Db,
  { before, limit }: { before?: number; limit: number },
): Promise<RulesetVersion[]> {
  const { rows } = await sql<RulesetVersion>`
    select r.version, r.note, jsonb_array_length(r.body -> 'rules') as rules, r.effective_from as published_at,
           case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end as author
    from ruleset r left join person p on p.id = r.author_id
    where ${before === undefined ? sql`true` : sql`r.version < ${before}`}
    order by r.version desc limit ${limit}`.execute(db)
  const first = { version: NO_RULES.version, note: null, author: null, published_at: null, rules: 0 }
  const reachesFirst = rows.length < limit && (before === undefined || before > NO_RULES.version)
  return reachesFirst ? [...rows, first] : rows
}

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
