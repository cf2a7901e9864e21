import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { record, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { loadReader, ticketVisible } from '../auth/index.ts'
import { decideReminder, type Due, type Outcome } from './decide.ts'

const BATCH = 50

interface DueRow extends Due {
  id: string
  person_id: string
  ticket_id: string
}

/**
 * Reminds of what is due. Each row is taken by one engine alone and leaves its state for good in the transaction that
 * keeps the notice, so nobody hears twice. Answers how many were due.
 */
export async function sweepReminders(db: Db): Promise<number> {
  return transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<DueRow>`
      select id, person_id, ticket_id, kind, seen_revision from reminder
      where state = 'waiting' and due_at <= ${tx.now} order by due_at limit ${BATCH} for update skip locked`.execute(
      tx.db,
    )
    if (rows.length === 0) return 0
    const decided: (DueRow & { outcome: Outcome })[] = []
    for (const [personId, theirs] of Map.groupBy(rows, (row) => row.person_id)) {
      // oxlint-disable-next-line no-await-in-loop -- what somebody may see is a predicate of their own
      const seen = await revisionsSeen(tx, personId, theirs)
      for (const row of theirs) {
        const revision = seen.get(row.ticket_id)
        const ticket = { revision: revision ?? 0, visible: revision !== undefined }
        decided.push({ ...row, outcome: decideReminder(row, ticket) })
      }
    }
    await write(tx, decided)
    return rows.length
  })
}

async function revisionsSeen(tx: Tx, personId: string, rows: DueRow[]): Promise<Map<string, number>> {
  const reader = await loadReader(tx.db, { personId })
  if (!reader) return new Map()
  const { rows: tickets } = await sql<{ id: string; revision: number }>`
    select t.id, t.revision from ticket t
    where t.id = any(${rows.map((row) => row.ticket_id)}::uuid[]) and ${ticketVisible(reader)}`.execute(tx.db)
  return new Map(tickets.map(({ id, revision }) => [id, revision]))
}

async function write(tx: Tx, decided: (DueRow & { outcome: Outcome })[]): Promise<void> {
  const lines = await record(
    tx,
    decided.map(({ id, person_id, kind, outcome }) => ({
      verb: outcome.state === 'fired' ? 'remind' : 'lapse',
      subject: { kind: 'reminder', id },
      after: { person: person_id, kind },
      ...('for' in outcome && { why: { reason: outcome.for } }),
      visibility: 'audit' as const,
    })),
  )
  const given = decided.map(({ id, outcome }, position) => ({
    id,
    state: outcome.state,
    lapsed_for: 'for' in outcome ? outcome.for : null,
    line: lines[position],
  }))
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, state text, lapsed_for text, line uuid)
    ), left_waiting as (
      update reminder r set state = g.state, lapsed_for = g.lapsed_for, revision = r.revision + 1,
        fired_at = case when g.state = 'fired' then ${tx.now}::timestamptz(3) end
      from given g where r.id = g.id and r.state = 'waiting' returning r.*, g.line
    )
    insert into notice (person_id, ticket_id, activity_id, template, state, due_at, created_at)
    select p.id, w.ticket_id, w.line, 'reminder', 'waiting', ${tx.now}, ${tx.now}
    from left_waiting w join person p on p.id = w.person_id and p.email is not null and p.archived_at is null
    where w.state = 'fired' on conflict (activity_id, person_id) do nothing`.execute(tx.db)
  await sql`select pg_notify('due', 'notices')`.execute(tx.db)
}
