import type { Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import type { ActivityRow } from '../activity/index.ts'
import type { HeardTicket } from './choose.ts'

/** Rises when a receiver that understood the shape before would not understand it any more. */
export const SHAPE = 1

export interface ToldTicket extends HeardTicket {
  id: string
  number: string
  /** As it leaves. */
  told: Record<string, unknown>
}

const NAMED = (table: string) =>
  sql.raw(
    `case when ${table}.id is not null then jsonb_build_object('id', ${table}.id, 'name', ${table}.name) end`,
  )

/** Tickets as receivers are told of them; by their id, in one statement. */
export async function readToldTickets(
  db: Transaction<Tables>,
  ids: readonly string[],
): Promise<Map<string, ToldTicket>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<ToldTicket>`
    select t.id, t.number, t.kind, t.team_id, t.confidential, jsonb_build_object(
      'number', t.number, 'kind', t.kind, 'state', t.state, 'status', k.key, 'pending_reason', t.pending_reason,
      'title', t.title, 'priority', t.priority, 'impact', t.impact, 'urgency', t.urgency, 'channel', t.channel,
      'service', case when s.id is not null then jsonb_build_object('id', s.id, 'key', s.key) end,
      'category', c.key, 'team', ${NAMED('m')}, 'assignee', ${NAMED('a')}, 'requester', ${NAMED('r')},
      'tags', array(select g.name from ticket_tag w join tag g on g.id = w.tag_id where w.ticket_id = t.id order by g.name),
      'fields', t.fields, 'confidential', t.confidential, 'revision', t.revision,
      'created_at', t.created_at, 'resolved_at', t.resolved_at, 'closed_at', t.closed_at, 'due_at', t.due_at) as told
    from ticket t
    left join ticket_status k on k.id = t.status_id left join service s on s.id = t.service_id
    left join category c on c.id = t.category_id left join team m on m.id = t.team_id
    left join person a on a.id = t.assignee_id left join person r on r.id = t.requester_id
    where t.id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Replies and notes that lines tell of, by their id. */
export async function readToldMessages(
  db: Transaction<Tables>,
  ids: readonly string[],
): Promise<Map<string, unknown>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; told: unknown }>`
    select m.id, jsonb_build_object('id', m.id, 'kind', m.kind, 'from_requester', m.from_requester, 'body', m.body,
      'author', ${NAMED('p')}, 'created_at', m.created_at) as told
    from message m left join person p on p.id = m.author_id where m.id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, told }) => [id, told]))
}

/** The message that a line tells of, where it tells of one. */
export const messageOf = ({ after }: Pick<ActivityRow, 'after'>): string | null => {
  const id = (after as { message?: unknown } | null)?.message
  return typeof id === 'string' ? id : null
}

/** What leaves about a line, as the bytes that are signed. */
export function bodyOf(
  line: ActivityRow,
  ticket: ToldTicket,
  message: unknown,
  publicUrl: string,
): { type: string; body: string } {
  const type = `ticket.${line.verb}`
  const { id, verb, at, actor_kind, actor_id, revision, before, after, cause, visibility } = line
  const activity = {
    id,
    verb,
    at,
    actor: { kind: actor_kind, id: actor_id },
    revision,
    before,
    after,
    cause,
    visibility,
  }
  return {
    type,
    body: write(type, at, { activity, ticket: told(ticket, publicUrl), message: message ?? null }),
  }
}

/** A message that nothing has happened to: to see whether it arrives. */
export const testBody = (at: Date): { type: string; body: string } => ({
  type: 'test',
  body: write('test', at, {}),
})

/** What a rule asks to be sent about a ticket. */
export const calledBody = (
  at: Date,
  ticket: ToldTicket,
  rule: Record<string, unknown>,
  publicUrl: string,
): { type: string; body: string } => ({
  type: 'rule.call',
  body: write('rule.call', at, { rule, ticket: told(ticket, publicUrl) }),
})

const told = ({ number, told: ticket }: ToldTicket, publicUrl: string) => ({
  ...ticket,
  url: `${publicUrl}/tickets/${number}`,
})

const write = (type: string, at: Date, data: Record<string, unknown>): string =>
  JSON.stringify({ type, version: SHAPE, timestamp: at, data })
