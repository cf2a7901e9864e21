import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import type { Alert, Arrival } from '../alert/index.ts'
import type { Event, Unreadable } from '../event/index.ts'
import type { Linked } from './past.ts'
import type { Line } from './people.ts'
import { nameOf } from './standing.ts'
import type { Configured } from './world.ts'

export interface DecisionHead {
  id: string
  at: Date
  kind: 'batch' | 'ageing'
  integration_id: string
  xid: number
  seen: string
  placed_in: string | null
  overdue: [key: string, due: number | null][]
  known: Alert[]
}

export type Entry =
  | { kind: 'decision'; id: string; at: number; head: DecisionHead }
  | { kind: 'line'; id: string; at: number; line: Line }
  | { kind: 'configuration'; id: string; at: number; xid: number; change: Configured }

/** What lies beside the entries of a page: how steps and links came, by their instants. */
export interface Page {
  entries: Entry[]
  links: (Linked & { at: number })[]
  steps: { ticketId: string; cycle: number; position: number; dueAt: number; at: number }[]
  at: number
  last: boolean
}

export interface Place {
  id: string
  at: Date
}

const DECISIONS = 500

/**
 * The next entries of the order after a place, as far as `until`; receipts are read when their batch is made. What a
 * promise's clock or an automation asked to page is none of them: no rule of correlation decides it.
 */
export async function readPage(db: Db, after: Place, until: Date): Promise<Page> {
  const { rows: heads } = await sql<DecisionHead>`
    select id, at, kind, integration_id, xid::text::bigint as xid, seen::text as seen, placed_in::text as placed_in, overdue, known
    from decision where id > ${after.id} and at >= ${after.at}::timestamptz - interval '1 minute' and at < ${until}
    order by id limit ${DECISIONS}`.execute(db)
  const last = heads.length < DECISIONS
  const to: Place = last ? { id: LAST_ID, at: until } : heads.at(-1)!
  const [lines, changes, links, steps] = await Promise.all([
    readLines(db, after, to, until),
    readChanges(db, after, to, until),
    readLinks(db, after.at, to.at),
    readSteps(db, after.at, to.at),
  ])
  const decisions = heads.map((head): Entry => ({
    kind: 'decision',
    id: head.id,
    at: head.at.getTime(),
    head,
  }))
  const entries = [...decisions, ...lines, ...changes].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return { entries, links, steps, at: to.at.getTime(), last }
}

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
export const FIRST_ID = '00000000-0000-0000-0000-000000000000'

interface LineRow extends Omit<Line, 'at' | 'actor' | 'subject' | 'ticketId' | 'alert'> {
  id: string
  at: Date
  actor_kind: string
  actor_id: string | null
  subject_kind: string
  subject_id: string
  ticket_id: string | null
  integration_id: string | null
  dedup_key: string | null
}

// A page of a cycle that a clock or an automation asked for.
const BESIDE = sql<boolean>`exists (
  select from escalation e where e.ticket_id = l.ticket_id and e.cycle = (l.after ->> 'cycle')::int and e.beside)`

async function readLines(db: Db, after: Place, to: Place, until: Date): Promise<Entry[]> {
  const { rows } = await sql<LineRow>`
    select l.id, l.recorded_at as at, l.actor_kind, l.actor_id, l.subject_id,
           case l.verb when 'would-page' then 'page' else l.verb end as verb,
           case l.subject_kind when 'shadow_page' then 'page' else l.subject_kind end as subject_kind, l.ticket_id, l.before, l.after, l.why,
           a.integration_id, a.dedup_key
    from activity l left join alert a on l.subject_kind = 'alert' and a.id = l.subject_id
    where l.id > ${after.id} and l.id <= ${to.id}
      and l.recorded_at >= ${after.at}::timestamptz - interval '1 minute' and l.recorded_at < ${until}
      and (l.subject_kind = 'ticket' and l.verb in ('open', 'acknowledge', 'start', 'pend', 'resume', 'resolve', 'close', 'reopen',
             'cancel', 'assign', 'merge', 'unmerge', 'edit')
        or l.subject_kind = 'alert' and l.verb in ('acknowledge', 'snooze', 'unsnooze', 'detach', 'split', 'accept', 'decline')
             and l.actor_kind in ('person', 'system')
        or l.subject_kind = 'maintenance' and l.verb in ('begin', 'end', 'edit')
        or l.subject_kind = 'escalation' and l.verb in ('escalate', 'page-nobody')
             and not exists (select from escalation e where e.id = l.subject_id and e.beside)
        or l.subject_kind = 'shadow_page' and not ${BESIDE}
        or l.subject_kind = 'page' and (l.verb = 'page' and l.cause ->> 'kind' is distinct from 'shadow' and not ${BESIDE} or l.verb in ('acknowledge', 'end') and l.actor_kind = 'person'))
    order by l.id`.execute(db)
  return rows.map(({ id, at, ...row }) => ({
    kind: 'line',
    id,
    at: at.getTime(),
    line: {
      at: at.getTime(),
      verb: row.verb,
      actor: { kind: row.actor_kind, id: row.actor_id },
      subject: { kind: row.subject_kind, id: row.subject_id },
      ticketId: row.ticket_id,
      alert:
        row.integration_id && row.dedup_key
          ? { integrationId: row.integration_id, name: nameOf(row.integration_id, row.dedup_key) }
          : null,
      before: row.before,
      after: row.after,
      why: row.why,
    },
  }))
}

async function readChanges(db: Db, after: Place, to: Place, until: Date): Promise<Entry[]> {
  const { rows } = await sql<Configured & { id: string; at: Date; xid: number }>`
    select id, at, xid::text::bigint as xid, source, before, after from configuration_history
    where id > ${after.id} and id <= ${to.id} and at < ${until} order by id`.execute(db)
  return rows.map(({ id, at, xid, ...change }) => ({
    kind: 'configuration',
    id,
    at: at.getTime(),
    xid,
    change,
  }))
}

async function readLinks(db: Db, from: Date, to: Date): Promise<Page['links']> {
  const { rows } = await sql<{
    integration_id: string
    dedup_key: string
    episode: number
    ticket_id: string
    at: Date
  }>`
    select a.integration_id, a.dedup_key, l.episode, l.ticket_id, l.linked_at as at
    from alert_link l join alert a on a.id = l.alert_id
    where l.linked_at >= ${from}::timestamptz - interval '1 minute' and l.linked_at <= ${to} and l.how in ('opened', 'joined')
    order by l.linked_at, l.id`.execute(db)
  return rows.map((row) => ({
    integrationId: row.integration_id,
    key: row.dedup_key,
    episode: row.episode,
    ticketId: row.ticket_id,
    at: row.at.getTime(),
  }))
}

async function readSteps(db: Db, from: Date, to: Date): Promise<Page['steps']> {
  const { rows } = await sql<{ ticket_id: string; cycle: number; position: number; due: Date; at: Date }>`
    select e.ticket_id, e.cycle, s.position, s.due_at as due, s.decided_at as at
    from escalation_step s join escalation e on e.id = s.escalation_id
    where s.decided_at >= ${from}::timestamptz - interval '1 minute' and s.decided_at <= ${to} and not e.beside`.execute(
    db,
  )
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    cycle: row.cycle,
    position: row.position,
    dueAt: row.due.getTime(),
    at: row.at.getTime(),
  }))
}

interface ReceiptRow {
  decision_id: string
  seq: number
  receipt_id: string
  received_at: Date
  events: (Event | Unreadable)[]
}

const RECEIPTS = 1_000

/** The arrivals of batches, in their order; a bounded number of receipts at a time, the next while one is worked. */
export async function* readArrivals(
  db: Db,
  heads: DecisionHead[],
): AsyncGenerator<{ id: string; arrivals: Arrival[] }> {
  if (heads.length === 0) return
  const from = heads.reduce((least, { at }) => (at < least ? at : least), heads[0]!.at)
  const to = heads.reduce((most, { at }) => (at > most ? at : most), heads[0]!.at)
  const ids = heads.map(({ id }) => id)
  const read = async (after: { id: string; seq: number }) => {
    const { rows } = await sql<ReceiptRow>`
      select decision_id, seq, receipt_id, received_at, events from decided_receipt
      where (decision_id, seq) > (${after.id}::uuid, ${after.seq}::bigint) and decision_id = any(${ids}::uuid[])
        and at >= ${from} and at <= ${to}
      order by decision_id, seq limit ${RECEIPTS}`.execute(db)
    return rows
  }
  let next = read({ id: FIRST_ID, seq: 0 })
  let batch: { id: string; arrivals: Arrival[] } | undefined
  for (;;) {
    const rows = await next
    const last = rows.at(-1)
    if (rows.length === RECEIPTS) next = read({ id: last!.decision_id, seq: last!.seq })
    for (const { decision_id, receipt_id, received_at, events } of rows) {
      if (batch?.id !== decision_id) {
        if (batch) yield batch
        batch = { id: decision_id, arrivals: [] }
      }
      const receivedAt = received_at.getTime()
      for (const [position, event] of events.entries())
        batch.arrivals.push({ event, receiptId: receipt_id, position, receivedAt })
    }
    if (rows.length < RECEIPTS) break
  }
  if (batch) yield batch
}
