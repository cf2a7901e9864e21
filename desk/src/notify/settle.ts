import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { recordOnTickets, SYSTEM, transact, type Tx } from '../activity/index.ts'
import type { Bundle } from './claim-deliveries.ts'
import { markFailing, markWorking } from './failing.ts'
import { backoffMs } from './retry.ts'
import type { Sent } from './send.ts'

/**
 * Writes down what became of a bundle, unless its lease was lost meanwhile: then another engine has it, and
 * this outcome is no longer ours to write. A failure is tried again after a pause, and brings the recipient's
 * next contact method forward: a broken way never delays the others. A final one marks the contact method as
 * failing; what arrives clears that. Answers whether the lease still held.
 */
export async function settleBundle(db: Db, bundle: Bundle, sent: Sent): Promise<boolean> {
  if (sent.ok) return transact(db, SYSTEM, (tx) => keepSent(tx, bundle, sent.detail))
  const wait = sent.retry ? backoffMs(bundle.attempt) : undefined
  if (wait !== undefined) return transact(db, SYSTEM, (tx) => keepFailed(tx, bundle, sent, wait))
  const tickets = bundle.pages.map((page) => page.ticketId)
  return transact(
    db,
    SYSTEM,
    (tx) => keepFailed(tx, bundle, sent),
    // Acknowledging locks the ticket before its deliveries; so does giving up, or the two could block each other.
    (trx) =>
      sql`select id from ticket where id = any(${tickets}::uuid[]) order by id for update`.execute(trx),
  )
}

const held = (bundle: Bundle) => sql`id = any(${bundle.deliveries}::uuid[]) and state = 'leased'
  and lease_until = ${bundle.leaseUntil}::timestamptz(3)`

async function keepSent(tx: Tx, bundle: Bundle, detail?: string): Promise<boolean> {
  const { rows } = await sql`
    update delivery set state = 'sent', sent_at = ${tx.now}, lease_until = null,
      outcome = ${JSON.stringify({ ok: true, detail: detail ?? null })}::jsonb
    where ${held(bundle)} returning id`.execute(tx.db)
  if (rows.length > 0 && bundle.kind !== 'app') await markWorking(tx, bundle.methodId)
  return rows.length > 0
}

async function keepFailed(
  tx: Tx,
  bundle: Bundle,
  failure: Extract<Sent, { ok: false }>,
  wait?: number,
): Promise<boolean> {
  const outcome = JSON.stringify({ ok: false, reason: failure.reason, detail: failure.detail ?? null })
  const { rows } = await sql<{ page_id: string; ticket_id: string; id: string }>`
    with failed as (
      update delivery set lease_until = null, outcome = ${outcome}::jsonb,
        state = ${wait === undefined ? 'failed' : 'waiting'},
        due_at = case when ${wait !== undefined} then ${tx.now}::timestamptz(3) + ${wait ?? 0} * interval '1 millisecond' else due_at end
      where ${held(bundle)} returning id, page_id, position
    ), stuck as (
      select page_id, position from failed
      -- What waits behind a way that is closed for good must not wait for it either.
      union select page_id, position from delivery
      where ${wait === undefined} and exists (select from failed)
        and contact_method_id = ${bundle.methodId} and state = 'waiting'
    ), forward as (
      update delivery n set due_at = ${tx.now} from stuck f
      where n.page_id = f.page_id and n.state = 'waiting' and n.attempts = 0 and n.due_at > ${tx.now}
        and n.held is null
        and n.position = (select min(x.position) from delivery x
                          where x.page_id = f.page_id and x.position > f.position and x.state = 'waiting')
    )
    select f.id, f.page_id, g.ticket_id from failed f join page g on g.id = f.page_id order by f.id`.execute(
    tx.db,
  )
  if (wait === undefined) {
    await recordOnTickets(
      tx,
      rows.map((row) => ({
        ticketId: row.ticket_id,
        verb: 'fail-delivery',
        subject: { kind: 'page', id: row.page_id },
        after: { delivery: row.id, kind: bundle.kind, reason: failure.reason, attempts: bundle.attempt },
      })),
    )
    if (rows.length > 0 && failure.reason !== 'removed') await markFailing(tx, bundle.methodId, failure)
  }
  await sql`select pg_notify('due', 'deliveries')`.execute(tx.db)
  return rows.length > 0
}
