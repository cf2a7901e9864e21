import { sql } from 'kysely'
import { record, type Tx } from '../activity/index.ts'
import type { FailureReason } from './send.ts'

/**
 * Marks a contact method over which something failed for good: its person and the administrators see it, and
 * pages no longer wait for it before they take the next one. It is still tried.
 */
export async function markFailing(
  tx: Tx,
  methodId: string,
  { reason, detail }: { reason: FailureReason; detail?: string },
): Promise<void> {
  const { rows } = await sql<{ person_id: string; was: boolean }>`
    update contact_method c set failing_since = coalesce(c.failing_since, ${tx.now}::timestamptz(3)),
      failing = ${JSON.stringify({ reason, detail: detail ?? null })}::jsonb
    from contact_method o where o.id = c.id and c.id = ${methodId} and c.archived_at is null
    returning c.person_id, o.failing_since is not null as was`.execute(tx.db)
  if (rows[0] && !rows[0].was) await line(tx, 'fail', methodId, { person: rows[0].person_id, reason })
}

/** Something arrived there: whatever was wrong is over. */
export async function markWorking(tx: Tx, methodId: string): Promise<void> {
  const { rows } = await sql<{ person_id: string }>`
    update contact_method set failing_since = null, failing = null
    where id = ${methodId} and failing_since is not null returning person_id`.execute(tx.db)
  if (rows[0]) await line(tx, 'recover', methodId, { person: rows[0].person_id })
}

const line = (tx: Tx, verb: string, id: string, after: Record<string, unknown>) =>
  record(tx, [{ verb, subject: { kind: 'contact_method', id }, after, visibility: 'audit' }])
