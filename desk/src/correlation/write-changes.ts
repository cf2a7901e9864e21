import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Alert, AlertFace } from '../alert/index.ts'
import type { Placed } from './place.ts'
import type { Decided } from './write.ts'

interface Told extends Pick<AlertFace, 'title' | 'resource' | 'link' | 'labels'> {
  /** null: an alert that outlasted its hold told of it. */
  receiptId: string | null
  at: string
  /** By the rule; null: by the label, else the integration's. */
  serviceId: string | null
}

/**
 * Changes that tools told of, and what rules make a change event, by the service that they name (label `service`), else
 * the integration's. They open nothing and page nobody. `before`: the alerts as the batch found them.
 */
export async function writeChanges(
  tx: Tx,
  integrationId: string,
  decided: Decided[],
  before: Map<string, Alert>,
): Promise<void> {
  // An alert asks again with every message while no ticket is its own; it is told once an opening.
  const told = new Set<string>()
  const isFirst = (one: Decided, key: string) => {
    const asks = one.outcome === 'fired' || (before.get(key)?.restraint.held ?? null) !== null
    const opening = `${one.episode} ${key}`
    if (!asks || told.has(opening)) return false
    return Boolean(told.add(opening))
  }
  await writeEventsOf(
    tx,
    integrationId,
    decided.flatMap((one): Told[] => {
      const { event, receiptId, receivedAt, placed } = one
      const isChange =
        event.kind === 'change' ||
        (event.kind === 'trigger' && isChangeEvent(placed) && isFirst(one, event.dedup_key))
      if (!isChange) return []
      const { title, resource, link, labels, starts_at } = event
      const at = starts_at ?? new Date(receivedAt).toISOString()
      const serviceId = placed?.serviceId ?? null
      return [{ receiptId, at, title: title ?? 'A change', resource, link, labels, serviceId }]
    }),
  )
}

/** Alerts that outlasted their hold, and of which a rule makes a change event. */
export const writeHeldChanges = (
  tx: Tx,
  integrationId: string,
  settled: { alert: Alert; placed: Placed | null }[],
): Promise<void> =>
  writeEventsOf(
    tx,
    integrationId,
    settled.flatMap(({ alert, placed }) =>
      isChangeEvent(placed)
        ? [
            {
              ...alert.face,
              receiptId: null,
              at: new Date(alert.state.startsAt).toISOString(),
              serviceId: placed.serviceId,
            },
          ]
        : [],
    ),
  )

const isChangeEvent = (placed: Placed | null): placed is Placed =>
  placed?.how === 'nothing' && placed.evidence.opens === 'change_event'

async function writeEventsOf(tx: Tx, integrationId: string, told: Told[]): Promise<void> {
  if (told.length === 0) return
  const given = told.map(({ receiptId, at, title, resource, link, labels, serviceId }) => ({
    receipt_id: receiptId,
    at,
    title,
    source: resource,
    link,
    labels,
    service_id: serviceId,
    service_key: labels.service?.toLowerCase() ?? null,
  }))
  await sql`
    insert into change_event (integration_id, service_id, receipt_id, at, title, source, link, labels)
    select i.id, coalesce(g.service_id, s.id, i.service_id), g.receipt_id, date_trunc('milliseconds', g.at), g.title, g.source, g.link, g.labels
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(receipt_id uuid, at timestamptz, title text, source text,
      link text, labels jsonb, service_id uuid, service_key text)
    join integration i on i.id = ${integrationId}
    left join service s on s.key = g.service_key and s.archived_at is null`.execute(tx.db)
}
