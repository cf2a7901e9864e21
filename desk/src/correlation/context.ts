import type { Impact, Severity } from '@tocsin/db'
import { sql } from 'kysely'
import { found, type Tx } from '../activity/index.ts'
import { type Terms, termsOf } from '../alert/index.ts'

/** What a batch is decided by, as it stands at its beginning. */
export interface Context {
  integrationId: string
  system: string
  teamId: string | null
  serviceId: string | null
  serviceTeamId: string | null
  escalationPolicyId: string | null
  severities: Record<Severity, { impact: Impact; urgency: Impact; opens: boolean }>
  /** How long all alerts of an incident must stay quiet before it resolves by itself. */
  holdMs: number
  /** How patient one is with its alerts where no rule says otherwise. */
  terms: Terms
}

export async function readContext(tx: Tx, integrationId: string): Promise<Context> {
  const { rows } = await sql<Omit<Context, 'terms'> & { patience: unknown }>`
    select i.id as "integrationId", i.system, i.team_id as "teamId", i.service_id as "serviceId",
           s.team_id as "serviceTeamId", i.escalation_policy_id as "escalationPolicyId",
           i.settings -> 'patience' as patience,
           (select jsonb_object_agg(severity, jsonb_build_object('impact', impact, 'urgency', urgency, 'opens', opens))
            from severity_mapping) as severities,
           coalesce((select (value #>> '{}')::int from setting where key = 'recovery_hold_ms'), 15000) as "holdMs"
    from integration i left join service s on s.id = i.service_id
    where i.id = ${integrationId}`.execute(tx.db)
  const { patience, ...context } = found(rows[0], 'integration')
  return { ...context, terms: termsOf(patience, context.system) }
}

export interface KnownService {
  id: string
  teamId: string | null
}

/** Services by their key, as labels name them. */
export async function readServices(tx: Tx, keys: string[]): Promise<Map<string, KnownService>> {
  if (keys.length === 0) return new Map()
  const rows = await tx.db
    .selectFrom('service')
    .select(['key', 'id', 'team_id'])
    .where('key', 'in', keys)
    .where('archived_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.key, { id: row.id, teamId: row.team_id }]))
}
