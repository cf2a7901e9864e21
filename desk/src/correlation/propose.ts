import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Evidence } from './placement.ts'

/** Tickets that a rule would open and a person must confirm: the alert waits, and says so. */
export async function propose(
  tx: Tx,
  given: { alertId: string; episode: number; evidence: Evidence }[],
): Promise<void> {
  if (given.length === 0) return
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g("alertId" uuid, episode int, evidence jsonb)
    ), waits as (
      update alert a set held = 'proposed', held_until = null from given g where a.id = g."alertId"
    )
    insert into proposal (alert_id, episode, rule, rule_version, evidence, created_at)
    select "alertId", episode, evidence ->> 'rule', (evidence ->> 'version')::int, evidence, ${tx.now} from given
    on conflict (alert_id, episode) do nothing`.execute(tx.db)
}
