import type { Impact, Priority, Severity } from '@tocsin/db'
import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Alert } from '../alert/index.ts'
import { changeTickets, lockTickets, OPEN_STATES } from '../ticket/index.ts'
import { RANK } from './place.ts'

export interface Worse {
  ticketId: string
  alertId: string
  severity: Severity
}

/** Alerts that have become worse, or have joined a ticket. `opened`: how bad the tickets of this batch began. */
export function findWorse(
  standing: Alert[],
  before: Map<string, Alert>,
  { ids, opened }: { ids: Map<string, string>; opened: Map<string, Severity> },
): Worse[] {
  const isNews = ({ key, ticketId, state }: Alert) => {
    const was = before.get(key)
    const began = opened.get(ticketId!) ?? (was?.ticketId === ticketId ? was?.state.severity : undefined)
    return began === undefined || RANK[state.severity] > RANK[began]
  }
  return standing.flatMap((alert) => {
    const { key, ticketId, state } = alert
    return ticketId !== null && state.status !== 'resolved' && isNews(alert)
      ? [{ ticketId, alertId: ids.get(key)!, severity: state.severity }]
      : []
  })
}

interface Raised {
  id: string
  alert_id: string
  severity: Severity
  impact: Impact
  urgency: Impact
  priority: Priority
}

const rank = (column: string) => sql`array_position(array['low', 'medium', 'high'], ${sql.ref(column)})`

/**
 * A ticket is as bad as the worst alert that it ever held: impact and urgency rise with it and never fall by
 * themselves. What its rule has set stays, and so does everything once a person has set either.
 */
export async function worsen(tx: Tx, all: Worse[]): Promise<void> {
  if (all.length === 0) return
  // The latest of a ticket stands in the map: the worst.
  const worse = new Map(
    all.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]).map((one) => [one.ticketId, one]),
  )
  const { rows } = await sql<Raised>`
    select t.id, g."alertId" as alert_id, g.severity, n.impact, n.urgency, p.priority
    from jsonb_to_recordset(${JSON.stringify([...worse.values()])}::jsonb) as g("ticketId" uuid, "alertId" uuid, severity text)
    join ticket t on t.id = g."ticketId" and t.state = any(${[...OPEN_STATES]})
    join correlated_ticket c on c.ticket_id = t.id
    join severity_mapping m on m.severity = g.severity
    left join lateral (
      select r ->> 'impact' as impact, r ->> 'urgency' as urgency
      from ruleset s, jsonb_array_elements(s.body -> 'rules') r where s.version = c.rule_version and r ->> 'id' = c.rule) own on true
    cross join lateral (select
      case when own.impact is null and ${rank('m.impact')} > ${rank('t.impact')} then m.impact else t.impact end as impact,
      case when own.urgency is null and ${rank('m.urgency')} > ${rank('t.urgency')} then m.urgency else t.urgency end as urgency) n
    join priority_matrix p on p.impact = n.impact and p.urgency = n.urgency
    where (n.impact, n.urgency) is distinct from (t.impact, t.urgency)
      and not exists (select from activity a where a.ticket_id = t.id and a.verb = 'edit' and a.actor_kind = 'person'
                        and a.after ?| array['impact', 'urgency'])`.execute(tx.db)
  if (rows.length === 0) return
  const locked = await lockTickets(
    { ...tx, actor: { kind: 'rule', id: null } },
    rows.map(({ id }) => id),
  )
  const raised = new Map(rows.map((row) => [row.id, row]))
  await changeTickets(
    locked.tx,
    locked.tickets.map((ticket) => {
      const { alert_id, severity, impact, urgency, priority } = raised.get(ticket.id)!
      const changed = Object.entries({ impact, urgency, priority }).filter(
        ([column, value]) => ticket[column as 'impact'] !== value,
      )
      return {
        ticket,
        change: {
          verb: 'edit',
          set: Object.fromEntries(changed),
          cause: { kind: 'alert', id: alert_id },
          why: { rule: 'severity', severity },
        },
      }
    }),
  )
}
