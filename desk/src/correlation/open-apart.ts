import type { Impact } from '@tocsin/db'
import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { keepInShadow } from '../escalation/index.ts'
import { acknowledgeTicket, type OpenedTicket, openTickets, type Ticket } from '../ticket/index.ts'

interface Worst {
  title: string
  description: string | null
  alertname: string | null
  service_id: string | null
  ci_id: string | null
  impact: Impact
  urgency: Impact
  team_id: string | null
  escalation_policy_id: string | null
}

/**
 * A new incident for alerts that a person took out of another. As bad as the worst of them, and theirs whose service
 * that is. Where the first was answered already, whoever takes them out has taken notice of this one too.
 */
export async function openApart(
  tx: Tx,
  from: Ticket,
  alerts: { id: string; episode: number; present: boolean }[],
  title?: string,
): Promise<OpenedTicket> {
  const ids = alerts.map(({ id }) => id)
  const { rows } = await sql<Worst>`
    select a.title, coalesce(a.annotations ->> 'description', a.annotations ->> 'message') as description,
           a.labels ->> 'alertname' as alertname, a.service_id, a.ci_id, m.impact, m.urgency, i.escalation_policy_id,
           coalesce(s.team_id, i.team_id) as team_id
    from alert a join integration i on i.id = a.integration_id left join service s on s.id = a.service_id
    join severity_mapping m on m.severity = a.severity
    where a.id = any(${ids}::uuid[])
    order by a.status = 'resolved', array_position(array['critical', 'error', 'warning', 'info', 'ok'], a.severity), a.starts_at, a.id
    limit 1`.execute(tx.db)
  const worst = rows[0]!
  const stays = worst.service_id === null || worst.service_id === from.service_id
  const [opened] = await openTickets(tx, [
    {
      kind: 'incident',
      title: title ?? worst.title,
      description: worst.description ?? '',
      impact: worst.impact,
      urgency: worst.urgency,
      channel: 'monitoring',
      source: from.source,
      serviceId: worst.service_id ?? from.service_id,
      ciId: worst.ci_id,
      teamId: stays ? from.team_id : worst.team_id,
      assigneeId: stays ? from.assignee_id : null,
      symptomKey: (worst.alertname ?? worst.title).slice(0, 200),
      confidential: from.confidential,
      escalationPolicyId: worst.escalation_policy_id,
      cause: { kind: 'ticket', id: from.id },
      why: { rule: 'person', split: from.id, alerts: alerts.length },
    },
  ])
  const { id } = opened!
  await shareShadow(tx, { from: from.id, to: id, alerts: ids })
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(alerts)}::jsonb) as g(id uuid, episode int, present boolean)
    ), moved as (
      update alert set ticket_id = ${id} where id in (select id from given where present)
    )
    insert into alert_link (alert_id, episode, ticket_id, how, rule, rule_version, evidence, linked_at)
    select id, episode, ${id}, 'by-hand', 'person', 0,
           jsonb_build_object('rule', 'person', 'version', 0, 'split', ${from.id}::text), ${tx.now}
    from given`.execute(tx.db)
  if (from.acknowledged_at && tx.actor.kind === 'person') await acknowledgeTicket(tx, { id })
  return opened!
}

/** In shadow as the first was, or because every alert taken out is of an integration that pages nobody. */
async function shareShadow(
  tx: Tx,
  { from, to, alerts }: { from: string; to: string; alerts: string[] },
): Promise<void> {
  const { rows } = await sql<{ integration_id: string; pages: boolean; shared: boolean }>`
    select i.id as integration_id, i.shadow_since is null as pages,
           exists (select from shadow_ticket s where s.ticket_id = ${from} and s.left_at is null) as shared
    from alert a join integration i on i.id = a.integration_id where a.id = any(${alerts}::uuid[])
    group by i.id order by i.id`.execute(tx.db)
  const [first] = rows
  if (first && (first.shared || rows.every(({ pages }) => !pages)))
    await keepInShadow(tx, first.integration_id, [to])
}
