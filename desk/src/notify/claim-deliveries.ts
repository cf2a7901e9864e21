import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'
import { acknowledgeToken, keepTokens } from './acknowledge-link.ts'
import type { PagedTicket, PageReason, Recipient, ToldPage } from './page-message.ts'

export type ContactKind = 'email' | 'webhook' | 'app'

/** Deliveries over one contact method that leave as one message. */
export interface Bundle {
  id: string
  kind: ContactKind
  address: string
  secret: Buffer | null
  archived: boolean
  leaseUntil: Date
  /** When it was claimed, by the clock that decides. */
  at: Date
  attempt: number
  recipient: Recipient
  deliveries: string[]
  pages: (ToldPage & { ticketId: string })[]
}

interface LeasedRow {
  id: string
  bundle_id: string
  attempts: number
  lease_until: Date
  page_id: string
  kind: ContactKind
  address: string
  secret_encrypted: Buffer | null
  archived: boolean
  recipient: Recipient
  ticket_id: string
  ticket: PagedTicket
  why: PageReason
  asked_by: string | null
}

const BATCH = 500
const LEASE_SECONDS = 15

/**
 * Leases what is due over these kinds of contact method, and what another engine leased and never finished.
 * What left before, or should have, keeps its bundle, and waits until all of it can be taken: the same key must
 * not carry two different messages. The rest that goes to one contact method now becomes one bundle.
 * Deliveries whose page has ended are cancelled instead.
 */
export async function claimDeliveries(
  db: Db,
  kinds: ContactKind[],
  link: { secret: string; publicUrl: string },
): Promise<Bundle[]> {
  if (kinds.length === 0) return []
  return transact(db, SYSTEM, async (tx) => {
    const rows = await lease(tx, kinds)
    const pages = rows.map((row) => ({ row, token: acknowledgeToken(link.secret, row.id) }))
    await keepTokens(
      tx,
      pages.filter(({ row }) => row.kind !== 'app').map(({ row, token }) => ({ token, pageId: row.page_id })),
    )
    const bundles = new Map<string, Bundle>()
    for (const { row, token } of pages) {
      const bundle = bundles.get(row.bundle_id) ?? emptyBundle(row, tx.now)
      bundles.set(row.bundle_id, bundle)
      bundle.deliveries.push(row.id)
      bundle.attempt = Math.max(bundle.attempt, row.attempts)
      bundle.pages.push({
        id: row.page_id,
        ticketId: row.ticket_id,
        ticket: { ...row.ticket, created_at: new Date(row.ticket.created_at) },
        why: row.why,
        askedBy: row.asked_by,
        acknowledgeUrl: `${link.publicUrl}/ack/${token}`,
      })
    }
    return [...bundles.values()]
  })
}

const emptyBundle = (row: LeasedRow, at: Date): Bundle => ({
  id: row.bundle_id,
  kind: row.kind,
  address: row.address,
  secret: row.secret_encrypted,
  archived: row.archived,
  leaseUntil: row.lease_until,
  at,
  attempt: 0,
  recipient: row.recipient,
  deliveries: [],
  pages: [],
})

async function lease(tx: Tx, kinds: ContactKind[]): Promise<LeasedRow[]> {
  const { rows } = await sql<LeasedRow>`
    with due as (
      select d.id, d.contact_method_id, d.bundle_id, g.state as page_state
      from delivery d join page g on g.id = d.page_id join contact_method c on c.id = d.contact_method_id
      where ((d.state = 'waiting' and d.due_at <= ${tx.now}) or (d.state = 'leased' and d.lease_until < ${tx.now}))
        and c.kind = any(${kinds}::text[])
      order by d.due_at, d.id limit ${BATCH} for update of d skip locked
    ), dropped as (
      update delivery d set state = 'cancelled', lease_until = null, outcome = '{"reason": "page-ended"}'
      from due where d.id = due.id and due.page_state <> 'open'
    ), bundled as (
      select id, coalesce(bundle_id, first_value(id) over (partition by contact_method_id, bundle_id order by id)) as bundle_id
      from due
      where page_state = 'open' and not exists (
        select from delivery o where o.bundle_id = due.bundle_id and o.state in ('waiting', 'leased')
          and not exists (select from due d where d.id = o.id))
    ), leased as (
      update delivery d set state = 'leased', bundle_id = b.bundle_id, attempts = d.attempts + 1,
        lease_until = ${tx.now}::timestamptz(3) + ${LEASE_SECONDS} * interval '1 second'
      from bundled b where d.id = b.id
      returning d.id, d.bundle_id, d.attempts, d.lease_until, d.page_id, d.contact_method_id
    )
    select l.id, l.bundle_id, l.attempts, l.lease_until, l.page_id, c.kind, c.address, c.secret_encrypted,
      c.archived_at is not null or p.archived_at is not null as archived,
      jsonb_build_object('id', p.id, 'name', p.name, 'locale', p.locale, 'zone', p.zone) as recipient,
      t.id as ticket_id,
      jsonb_build_object('number', t.number, 'title', t.title, 'priority', t.priority, 'created_at', t.created_at,
        'service', coalesce(s.name ->> p.locale, s.name ->> 'en')) as ticket,
      g.why, a.name as asked_by
    from leased l
    join contact_method c on c.id = l.contact_method_id
    join page g on g.id = l.page_id
    join person p on p.id = g.recipient_id
    join ticket t on t.id = g.ticket_id
    left join service s on s.id = t.service_id
    left join person a on a.id = (g.why ->> 'by_hand')::uuid
    order by l.bundle_id, l.id`.execute(tx.db)
  return rows
}
