import type { Db } from '@tocsin/db'
import {
  type ActivityRow,
  alertVisible,
  type Reader,
  scopeOf,
  ticketVisible,
  ticketWorkable,
} from '@tocsin/desk'
import { sql } from 'kysely'

export interface StreamEvent {
  place: number
  at: Date
  verb: string
  subject: { kind: string; id: string }
  ticket: {
    number: string
    title: string
    kind: string
    state: string
    priority: string
    revision: number
  } | null
  /** A message of it names the reader. */
  mentions_me: boolean
}

type Seen = NonNullable<StreamEvent['ticket']> & { id: string; workable: boolean }

/** What of these lines this reader may know of, by the same predicates as every list. Two queries a batch. */
export async function narrow(db: Db, reader: Reader, lines: ActivityRow[]): Promise<StreamEvent[]> {
  const ticketIds = [...new Set(lines.flatMap((line) => line.ticket_id ?? []))]
  const alertIds = [
    ...new Set(lines.flatMap((line) => (line.subject_kind === 'alert' ? line.subject_id : []))),
  ]
  const tickets = ticketIds.length
    ? await sql<Seen>`
        select t.id, t.number, t.title, t.kind, t.state, t.priority, t.revision, ${ticketWorkable(reader)} as workable
        from ticket t where t.id = any(${ticketIds}::uuid[]) and ${ticketVisible(reader)}`.execute(db)
    : { rows: [] }
  const alerts = alertIds.length
    ? await sql<{ id: string }>`
        select a.id from alert a where a.id = any(${alertIds}::uuid[]) and ${alertVisible(reader)}`.execute(
        db,
      )
    : { rows: [] }
  const ticketOf = new Map(tickets.rows.map(({ id, ...ticket }) => [id, ticket]))
  const alertSeen = new Set(alerts.rows.map((alert) => alert.id))
  const audits = scopeOf(reader, 'audit.read') === 'all'
  const seesWindows = scopeOf(reader, 'alert.read') !== undefined

  return lines.flatMap((line) => {
    const seen = line.ticket_id ? ticketOf.get(line.ticket_id) : undefined
    const may = line.ticket_id
      ? seen && (line.visibility === 'public' || seen.workable)
      : line.subject_kind === 'alert'
        ? alertSeen.has(line.subject_id)
        : line.subject_kind === 'reminder'
          ? (line.after as { person?: string } | null)?.person === reader.person.id
          : audits || (line.subject_kind === 'maintenance' && seesWindows)
    if (!may) return []
    const ticket = seen
      ? {
          number: seen.number,
          title: seen.title,
          kind: seen.kind,
          state: seen.state,
          priority: seen.priority,
          revision: seen.revision,
        }
      : null
    return [
      {
        place: line.place,
        at: line.at,
        verb: line.verb,
        subject: { kind: line.subject_kind, id: line.subject_id },
        ticket,
        mentions_me: mentioned(line.after).includes(reader.person.id),
      },
    ]
  })
}

const mentioned = (after: ActivityRow['after']): unknown[] => {
  const ids = (after as { mentions?: unknown } | null)?.mentions
  return Array.isArray(ids) ? ids : []
}
