import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { found } from '../activity/index.ts'
import { instantFor } from '../notify/index.ts'
import type { Label } from '../services/index.ts'
import type { Values } from './variables.ts'

interface Row {
  number: string
  title: string
  priority: string
  service: Label | null
  category: Label | null
  team: string | null
  created_at: Date
  due_at: Date | null
  requester: string | null
  locale: 'en' | 'fr' | 'it'
  zone: string
  assignee: string | null
  agent: string
}

/** What the variables stand for: of this ticket, in its requester's language and time, written by this person. */
export async function readValues(
  db: Db | Transaction<Tables>,
  input: { ticketId: string; agentId: string; publicUrl: string },
): Promise<Values> {
  const { rows } = await sql<Row>`
    select t.number, t.title, t.priority, t.created_at, t.due_at, s.name as service, k.name as category, m.name as team,
      r.name as requester, coalesce(r.locale, a.locale) as locale, coalesce(r.zone, a.zone) as zone,
      p.name as assignee, a.name as agent
    from ticket t join person a on a.id = ${input.agentId}
    left join person r on r.id = t.requester_id left join person p on p.id = t.assignee_id
    left join service s on s.id = t.service_id left join category k on k.id = t.category_id
    left join team m on m.id = t.team_id
    where t.id = ${input.ticketId}`.execute(db)
  const row = found(rows[0], 'ticket')
  const { locale, zone } = row
  const label = (name: Label | null) => name && (name[locale] ?? name.en)
  return {
    'ticket.number': row.number,
    'ticket.title': row.title,
    'ticket.priority': row.priority,
    'ticket.service': label(row.service),
    'ticket.category': label(row.category),
    'ticket.team': row.team,
    'ticket.opened': instantFor(row.created_at, locale, zone),
    'ticket.due': row.due_at && instantFor(row.due_at, locale, zone),
    'ticket.link': `${input.publicUrl}/portal/requests/${row.number}`,
    'requester.name': row.requester,
    'requester.first_name': firstOf(row.requester),
    'assignee.name': row.assignee,
    'agent.name': row.agent,
    'agent.first_name': firstOf(row.agent),
  }
}

const firstOf = (name: string | null) => name && (name.trim().split(/\s+/)[0] ?? null)
