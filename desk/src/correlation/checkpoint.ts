import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { ALERT_COLUMNS } from '../alert/index.ts'
import { OPEN_STATES } from '../ticket/index.ts'
import { PROPOSAL_LIVES } from './proposal.ts'

/**
 * Once a day of UTC keeps how alerts and open tickets stand, all at one snapshot, so that a replay need not begin
 * with the first day of all. Answers 0: nothing follows from it.
 */
export async function sweepCheckpoints(db: Db): Promise<number> {
  await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const { rows } = await sql<{ id: string; day: Date }>`
        insert into checkpoint (day, at, seen)
        select (now at time zone 'UTC')::date, now, pg_current_snapshot() from (select tocsin_now() as now) c
        where pg_try_advisory_xact_lock(hashtext('checkpoint'))
          and not exists (select from checkpoint where day = (now at time zone 'UTC')::date)
        returning id, date_trunc('day', at, 'UTC') as day`.execute(trx)
      const made = rows[0]
      if (!made) return
      await sql`
        insert into checkpoint_row (checkpoint_id, kind, body)
        select ${made.id}::uuid, 'alert', to_jsonb(a) from (
          select integration_id, ${ALERT_COLUMNS}
          from alert where status <> 'resolved' or flapping or last_event_at >= ${made.day}
            or ticket_id in (select id from ticket where state = any(${OPEN_STATES}::text[]))) a
        union all
        select ${made.id}::uuid, 'proposal', to_jsonb(p) from (
          select a.integration_id as integration, a.dedup_key as key, p.rule, p.rule_version as version, p.evidence -> 'matched' as matched
          from proposal p join alert a on a.id = p.alert_id where ${PROPOSAL_LIVES}) p
        union all
        select ${made.id}::uuid, 'ticket', to_jsonb(t) from (
          select t.id, t.kind, t.state, t.created_at as opened_at,
            exists (select from shadow_ticket s where s.ticket_id = t.id and s.left_at is null) as shadow,
            (select to_jsonb(c) from (select rule, integration_id, node_id, service_id, resolve_on, storm
              from correlated_ticket where ticket_id = t.id) c) as correlated,
            (select jsonb_agg(jsonb_build_object('rule', g.rule, 'group_key', g.group_key,
              'last_at', coalesce(g.last_at, g.opened_at))) from correlation_group g where g.ticket_id = t.id) as groups,
            (select due_at from recovery where ticket_id = t.id) as recovery_due,
            (select jsonb_agg(jsonb_build_object('integration', a.integration_id, 'key', a.dedup_key, 'episode', l.episode)
              order by l.linked_at, l.id) from alert_link l join alert a on a.id = l.alert_id
              where l.ticket_id = t.id and l.detached_at is null) as links,
            (select jsonb_build_object('cycle', e.cycle, 'policy', v.policy_id, 'version', v.version, 'running', e.state = 'running',
               'position', s.position, 'due_at', s.due_at)
             from escalation e join escalation_policy_version v on v.id = e.policy_version_id
             left join escalation_step s on s.escalation_id = e.id and s.decided_at is null
             where e.ticket_id = t.id and not e.beside order by e.cycle desc limit 1) as escalation
          from ticket t where t.state = any(${[...OPEN_STATES, 'resolved']}::text[])
            and (exists (select from correlated_ticket c where c.ticket_id = t.id)
                 or exists (select from alert a where a.ticket_id = t.id)
                 or exists (select from escalation e where e.ticket_id = t.id and e.state = 'running' and not e.beside))) t`.execute(
        trx,
      )
    })
  return 0
}
