import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { record, transact, type Tx } from '../activity/index.ts'
import { rewriteMaintenance } from '../maintenance/index.ts'

/**
 * Spans of maintenance that begin or end are announced once, as lines of the record. What pages at the beginning,
 * and what is held at the end, comes due at once: the sweep of alerts then stills or takes it up.
 */
export const sweepMaintenance = (db: Db): Promise<number> =>
  transact(db, { kind: 'rule', id: null }, async (tx) => {
    const begun = await mark(tx, 'begun_at')
    const ended = await mark(tx, 'ended_at')
    if (begun.length > 0) await callPaging(tx)
    if (ended.length > 0)
      await callHeld(
        tx,
        ended.map(({ id }) => id),
      )
    const line = (verb: string) => (span: Span) => ({
      verb,
      subject: { kind: 'maintenance', id: span.id },
      after: { starts_at: span.starts_at.toISOString(), ends_at: span.ends_at.toISOString() },
    })
    await record(tx, [...begun.map(line('begin')), ...ended.map(line('end'))])
    return begun.length + ended.length
  })

/** What pages now may be covered from now on. */
const callPaging = (tx: Tx) =>
  sql`
    update alert set due_at = ${tx.now} where status = 'firing' and ticket_id in (
      select ticket_id from escalation where state = 'running')`.execute(tx.db)

/** What these windows hold may be covered no more. */
const callHeld = (tx: Tx, windows: string[]) =>
  sql`update alert set due_at = ${tx.now} where held_window = any(${windows}::uuid[])`.execute(tx.db)

/** Changes a window, whose `lockWindow` the caller has: where it is in force, alerts follow at once. */
export async function editMaintenance(tx: Tx, edit: Parameters<typeof rewriteMaintenance>[1]): Promise<void> {
  await rewriteMaintenance(tx, edit)
  await callHeld(tx, [edit.id])
  await callPaging(tx)
}

interface Span {
  id: string
  starts_at: Date
  ends_at: Date
}

/** Takes the spans whose beginning or end has come, whichever engine sees it first. */
async function mark(tx: Tx, what: 'begun_at' | 'ended_at'): Promise<Span[]> {
  const when = sql.ref(what === 'begun_at' ? 's.starts_at' : 's.ends_at')
  const { rows } = await sql<Span>`
    with due as (
      select s.maintenance_id, s.starts_at from maintenance_span s
      where s.${sql.raw(what)} is null and ${when} <= ${tx.now} limit 1000 for update skip locked
    )
    update maintenance_span s set ${sql.raw(what)} = ${tx.now} from due
    where s.maintenance_id = due.maintenance_id and s.starts_at = due.starts_at
    returning s.maintenance_id as id, s.starts_at, s.ends_at`.execute(tx.db)
  return rows
}
