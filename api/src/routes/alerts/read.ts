import type { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { alertVisible, found, type Reader, ticketVisible } from '@tocsin/desk'
import { sql } from 'kysely'
import { DETACHED, TOLD } from '../../evidence.ts'
import { type Alert, LINE_COLUMNS } from './schema.ts'

/** An alert as the API shows it: its life, its latest events, and why it stands in its tickets. */
export async function readAlert(db: Db, reader: Reader, id: string): Promise<z.infer<typeof Alert>> {
  const { rows } = await sql<z.infer<typeof Alert>>`
    select ${LINE_COLUMNS}, a.labels, a.annotations, a.enriched, a.link, a.group_key,
      (select jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) from service s where s.id = a.service_id) as known_service,
      (select jsonb_build_object('id', ci.id, 'name', ci.name) from configuration_item ci where ci.id = a.ci_id) as configuration_item,
      (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = a.acknowledged_by) as acknowledged_by,
      coalesce((select jsonb_agg(jsonb_build_object('ticket', t.number, 'title', t.title, 'state', t.state,
                  'episode', l.episode, 'how', l.how, 'rule', l.rule, 'rule_version', l.rule_version,
                  'evidence', l.evidence, 'told', ${TOLD}, 'linked_at', l.linked_at, 'detached', ${DETACHED}) order by l.linked_at desc, l.id desc)
                from alert_link l join ticket t on t.id = l.ticket_id
                where l.alert_id = a.id and ${ticketVisible(reader)}), '[]') as links,
      coalesce((select jsonb_agg(e) from (
                  select id, receipt_id, received_at, decided_at, kind, severity, title, bucket, reason
                  from event where alert_id = a.id order by id desc limit 50) e), '[]') as events,
      coalesce((select jsonb_agg(l) from (
                  select v.id, v.at, v.verb, v.before, v.after, v.why,
                    coalesce((select jsonb_build_object(t.id, t.number) from ticket t where t.id = (v.after ->> 'other')::uuid), '{}') as names,
                    jsonb_build_object('kind', v.actor_kind, 'id', v.actor_id, 'name', case v.actor_kind
                      when 'person' then (select name from person where id = v.actor_id)
                      when 'integration' then (select name from integration where id = v.actor_id) end) as actor
                  from activity v where v.subject_kind = 'alert' and v.subject_id = a.id
                  order by v.at desc, v.id desc limit 100) l), '[]') as life
    from alert a where a.id = ${id} and ${alertVisible(reader)}`.execute(db)
  return found(rows[0], 'alert')
}
