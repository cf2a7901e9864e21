import type { Impact, Severity } from '@tocsin/db'
import { sql } from 'kysely'
import { found, type Tx } from '../activity/index.ts'
import { type Terms, termsOf } from '../alert/index.ts'
import { type Window, windowsInForce } from '../maintenance/index.ts'
import { type Lookup, LOOKUPS } from '../lookup/index.ts'
import { type Rules, rulesOf } from './match.ts'
import { NO_RULES } from './ruleset.ts'

interface Row extends Omit<Context, 'terms' | 'rules' | 'wall'> {
  patience: unknown
  ruleset: number
  hour: number
  weekday: number
}

/** What a batch is decided by, as it stands at its beginning. */
export interface Context {
  integrationId: string
  integration: string
  system: string
  teamId: string | null
  serviceId: string | null
  serviceTeamId: string | null
  escalationPolicyId: string | null
  /** What it opens pages nobody. */
  shadow: boolean
  severities: Record<Severity, { impact: Impact; urgency: Impact; opens: boolean }>
  /** How long all alerts of an incident must stay quiet before it resolves by itself. */
  holdMs: number
  /** How patient one is with its alerts where no rule says otherwise. */
  terms: Terms
  rules: Rules
  wall: { hour: number; weekday: number }
  /** Windows and silences in force, the one that ends last first. */
  windows: Window[]
  lookups: Lookup[]
  /** The snapshot that it was read in: kept with what is decided by it. */
  seen: string
}

export async function readContext(tx: Tx, integrationId: string): Promise<Context> {
  const { rows } = await sql<Row>`
    select pg_current_snapshot()::text as seen, i.id as "integrationId", i.name as integration, i.system, i.team_id as "teamId", i.service_id as "serviceId",
           s.team_id as "serviceTeamId", i.escalation_policy_id as "escalationPolicyId",
           i.shadow_since is not null as shadow,
           i.settings -> 'patience' as patience,
           (select jsonb_object_agg(severity, jsonb_build_object('impact', impact, 'urgency', urgency, 'opens', opens))
            from severity_mapping) as severities,
           coalesce((select (value #>> '{}')::int from setting where key = 'recovery_hold_ms'), 15000) as "holdMs",
           (select coalesce(max(version), ${NO_RULES.version}) from ruleset) as ruleset, ${LOOKUPS} as lookups, ${windowsInForce(tx.now)} as windows,
           extract(hour from z.wall)::int as hour, extract(isodow from z.wall)::int as weekday
    from integration i left join service s on s.id = i.service_id,
      lateral (select ${tx.now}::timestamptz at time zone
        coalesce((select value #>> '{}' from setting where key = 'reporting_zone'), 'UTC') as wall) z
    where i.id = ${integrationId}`.execute(tx.db)
  const { patience, ruleset, hour, weekday, ...context } = found(rows[0], 'integration')
  return {
    ...context,
    terms: termsOf(patience, context.system),
    rules: await rulesOf(tx.db, ruleset),
    wall: { hour, weekday },
  }
}
