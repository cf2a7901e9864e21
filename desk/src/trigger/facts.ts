import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { expressions } from '../expression/index.ts'
import { readRoutingFacts, ROUTING_FACTS } from '../routing/index.ts'

/** What a condition of a webhook or a rule may name: the ticket as it stood, and the line. What is not known is empty. */
export const TRIGGER_FACTS = {
  ...ROUTING_FACTS,
  number: 'string',
  state: 'string',
  pending_reason: 'string',
  /** The key of its own status. */
  status: 'string',
  team: 'string',
  assignee: 'string',
  requester: 'string',
  tags: 'list<string>',
  /** Answers to custom fields, by their key. */
  fields: 'dyn',
  confidential: 'bool',
  /** candidate or declared. */
  major: 'string',
  /** Of the line: what happened, and who did it: person, rule, integration or system. */
  verb: 'string',
  by: 'string',
  /** Columns that the line changed. */
  changed: 'list<string>',
  before: 'dyn',
  after: 'dyn',
}
export type TriggerFacts = Record<keyof typeof TRIGGER_FACTS, unknown>

export const compileTrigger = expressions(TRIGGER_FACTS)

/** A moment in the life of a ticket. */
export interface Moment {
  key: string
  ticketId: string
  /** After which of its changes; null: at that instant. */
  revision: number | null
  at: Date
  verb: string
  by: string
  before: unknown
  after: unknown
}

interface Row {
  key: string
  priority: string
  number: string
  state: string
  pending_reason: string
  status: string
  team: string
  assignee: string
  requester: string
  tags: string[]
  fields: unknown
  confidential: boolean
  major: string
}

/**
 * The facts of moments, by their key. State, status, priority, service, team and assignee are those of the moment, so
 * that the past is decided as it would have been; whatever else tickets have is read as it is now.
 */
export async function readTriggerFacts(
  db: Db | Transaction<Tables>,
  moments: readonly Moment[],
): Promise<Map<string, TriggerFacts>> {
  if (moments.length === 0) return new Map()
  const given = moments.map(({ key, ticketId, revision, at }) => ({ key, ticket_id: ticketId, revision, at }))
  const stood = sql`
    jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as x(key text, ticket_id uuid, revision int, at timestamptz(3))
    join ticket t on t.id = x.ticket_id
    left join lateral (
      select * from ticket_state h where h.ticket_id = t.id and case when x.revision is null then h.at <= x.at else h.revision <= x.revision end
      order by h.revision desc limit 1) h on true`
  const routing = await readRoutingFacts(
    db,
    sql`select x.key, t.kind, t.channel, t.title, t.impact, t.urgency, h.service_id, t.ci_id, t.category_id,
               t.organisation_id, t.requester_id, t.language, t.created_at from ${stood}`,
  )
  const { rows } = await sql<Row>`
    select x.key, t.number, coalesce(h.priority, t.priority) as priority, coalesce(h.state, t.state) as state,
      coalesce(h.pending_reason, '') as pending_reason, coalesce(k.key, '') as status, coalesce(m.name, '') as team,
      coalesce(a.name, '') as assignee, coalesce(r.name, '') as requester, t.fields, t.confidential,
      coalesce((select i.state from major_incident i where i.ticket_id = t.id and i.state <> 'rejected'), '') as major,
      array(select g.name from ticket_tag w join tag g on g.id = w.tag_id where w.ticket_id = t.id order by g.name) as tags
    from ${stood}
    left join ticket_status k on k.id = h.status_id
    left join team m on m.id = h.team_id
    left join person a on a.id = h.assignee_id
    left join person r on r.id = t.requester_id`.execute(db)
  const momentOf = new Map(moments.map((moment) => [moment.key, moment]))
  return new Map(
    rows.map(({ key, ...row }) => [key, { ...routing.get(key)!, ...row, ...told(momentOf.get(key)!) }]),
  )
}

function told({ verb, by, before, after }: Moment) {
  const [was, is] = [before, after].map((side) => (side ?? {}) as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ]
  const changed = Object.keys(is).filter(
    (column) => JSON.stringify(is[column]) !== JSON.stringify(was[column]),
  )
  return { verb, by, changed: changed.map((column) => column.replace(/_was$/, '')), before: was, after: is }
}
