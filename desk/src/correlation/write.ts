import { sql } from 'kysely'
import { type Line, record, recordOnTickets, type Tx } from '../activity/index.ts'
import type { AlertStatus } from '../alert/index.ts'
import type { Severity } from '@tocsin/db'
import type { ChangedReceipt, DecisionRow } from './journal.ts'
import type { Outcome } from './step.ts'

export interface Decided extends Outcome {
  alertId: string | null
}

/**
 * Writes every event once with its bucket, what could not be read to the dead letters, the counts, and takes
 * the receipts out of the queue into what a replay reads: one statement, so that received = waiting + buckets
 * at every moment.
 */
export async function writeEvents(
  tx: Tx,
  integrationId: string,
  seqs: number[],
  decided: Decided[],
  decision: DecisionRow & { changed: ChangedReceipt[] },
): Promise<void> {
  const given = decided.map((one, order) => {
    const { event, receiptId, receivedAt, position, bucket, why, window, alertId } = one
    const place = {
      order,
      receipt_id: receiptId,
      received_at: new Date(receivedAt).toISOString(),
      position,
      bucket,
    }
    if (event.kind === 'unreadable')
      return { ...place, kind: event.kind, reason: { why }, element: event.element }
    const { kind, dedup_key, severity, severity_raw, title, starts_at, ends_at, flags } = event
    const reason =
      why === null && flags.length === 0
        ? null
        : { why, ...(window && { window }), ...(flags.length > 0 && { flags }) }
    return {
      ...place,
      alert_id: alertId,
      kind,
      dedup_key,
      severity,
      severity_raw,
      title,
      starts_at,
      ends_at,
      reason,
    }
  })
  await sql`
    with given as materialized (
      select uuidv7() as id, g.* from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g("order" int,
        receipt_id uuid, received_at timestamptz(3), position int, bucket text, alert_id uuid, kind text, dedup_key text,
        severity text, severity_raw text, title text, starts_at text, ends_at text, reason jsonb, element text)
      order by "order"
    ), event as (
      insert into event (id, received_at, receipt_id, position, integration_id, alert_id, dedup_key, kind, severity,
        severity_raw, title, starts_at, ends_at, bucket, reason, decided_at)
      select id, received_at, receipt_id, position, ${integrationId}, alert_id, dedup_key, kind, severity, severity_raw, title,
             date_trunc('milliseconds', starts_at::timestamptz), date_trunc('milliseconds', ends_at::timestamptz),
             bucket, reason, ${tx.now}
      from given
    ), dead as (
      insert into dead_letter (event_id, receipt_id, received_at, integration_id, position, element, reason)
      select id, receipt_id, received_at, ${integrationId}, position, element, reason ->> 'why'
      from given where bucket = 'dead-letter'
    ), counted as (
      insert into tally as t (integration_id, minute, bucket, count)
      select ${integrationId}, date_trunc('minute', ${tx.now}::timestamptz), bucket, count(*) from given group by bucket order by bucket
      on conflict (integration_id, minute, bucket, slot) do update set count = t.count + excluded.count
    ), decision as (
      insert into decision (at, kind, integration_id, seen, placed_in, overdue, known)
      values (${tx.now}, 'batch', ${integrationId}, ${decision.seen}::pg_snapshot, ${decision.placedIn}::pg_snapshot,
              ${JSON.stringify(decision.overdue)}::jsonb, ${JSON.stringify(decision.known)}::jsonb)
      returning id
    ), gone as (
      delete from receipt_waiting where seq = any(${seqs}::bigint[]) returning seq, receipt_id, received_at, events
    )
    insert into decided_receipt (decision_id, at, seq, receipt_id, received_at, events)
    select d.id, ${tx.now}, g.seq, g.receipt_id, g.received_at, coalesce(c.events, g.events)
    from decision d, gone g
    left join json_to_recordset(${JSON.stringify(decision.changed)}::json) as c(seq bigint, events json) on c.seq = g.seq`.execute(
    tx.db,
  )
}

export interface Link {
  alertId: string
  episode: number
  ticketId: string
  how: 'opened' | 'joined'
  evidence: Record<string, unknown>
}

export async function writeLinks(tx: Tx, links: Link[]): Promise<void> {
  if (links.length === 0) return
  await sql`
    insert into alert_link (alert_id, episode, ticket_id, how, rule, rule_version, evidence, linked_at)
    select "alertId", episode, "ticketId", how, evidence ->> 'rule', (evidence ->> 'version')::int, evidence, ${tx.now}
    from jsonb_to_recordset(${JSON.stringify(links)}::jsonb)
      as g("alertId" uuid, episode int, "ticketId" uuid, how text, evidence jsonb)
    on conflict (alert_id, episode, ticket_id) do nothing`.execute(tx.db)
}

export interface AlertChange {
  verb:
    | 'fire'
    | 'resolve'
    | 'acknowledge'
    | 'hold'
    | 'release'
    | 'snooze'
    | 'wake'
    | 'calm'
    | 'accept'
    | 'decline'
  alertId: string
  ticketId: string | null
  cause: { kind: string; id: string } | undefined
  status: AlertStatus
  episode: number
  severity: Severity
  why?: Record<string, unknown>
}

/** An alert's changes are lines of their own, on the timeline of its incident where it has one. */
export async function recordChanges(tx: Tx, changes: AlertChange[]): Promise<void> {
  const lineOf = ({ verb, alertId, status, episode, severity, cause, why }: AlertChange): Line => ({
    verb,
    subject: { kind: 'alert', id: alertId },
    after: { status, episode, severity },
    ...(cause && { cause }),
    ...(why && { why }),
  })
  await recordOnTickets(
    tx,
    changes.flatMap((change) => (change.ticketId ? [{ ...lineOf(change), ticketId: change.ticketId }] : [])),
  )
  await record(tx, changes.filter((change) => !change.ticketId).map(lineOf))
}
