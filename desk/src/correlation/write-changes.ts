import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Decided } from './write.ts'

/**
 * Changes that tools told of, by the service that they name (label `service`), else the integration's. They open
 * nothing and page nobody.
 */
export async function writeChanges(tx: Tx, integrationId: string, decided: Decided[]): Promise<void> {
  const given = decided.flatMap(({ event, receiptId, receivedAt }) =>
    event.kind === 'change'
      ? [
          {
            receipt_id: receiptId,
            at: event.starts_at ?? new Date(receivedAt).toISOString(),
            title: event.title ?? 'A change',
            source: event.resource,
            link: event.link,
            labels: event.labels,
            service_key: event.labels.service?.toLowerCase() ?? null,
          },
        ]
      : [],
  )
  if (given.length === 0) return
  await sql`
    insert into change_event (integration_id, service_id, receipt_id, at, title, source, link, labels)
    select i.id, coalesce(s.id, i.service_id), g.receipt_id, date_trunc('milliseconds', g.at), g.title, g.source, g.link, g.labels
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(receipt_id uuid, at timestamptz, title text, source text,
      link text, labels jsonb, service_key text)
    join integration i on i.id = ${integrationId}
    left join service s on s.key = g.service_key and s.archived_at is null`.execute(tx.db)
}
