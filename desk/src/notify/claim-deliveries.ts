import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'
import { acknowledgeToken, keepTokens } from './acknowledge-link.ts'
import { decideDeliveries, type DueDelivery } from './decide-deliveries.ts'
import type { PagedTicket, PageReason, Recipient, ToldPage } from './page-message.ts'
import { forgottenBefore, type Told } from './pace.ts'
import type { ContactKind } from './send.ts'

/** Deliveries over one contact method that leave as one message. */
export interface Bundle {
  id: string
  methodId: string
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
  method_id: string
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

export const LEASE_SECONDS = 15
const BATCH = 3_000
const METHODS = 200

/**
 * Leases what is due over these kinds of contact method, and what another engine leased and never finished;
 * `decideDeliveries` says what leaves and what waits. A contact method's row is locked meanwhile, so that two
 * engines never make two messages of what is one.
 */
export async function claimDeliveries(
  db: Db,
  kinds: ContactKind[],
  link: { secret: string; publicUrl: string },
): Promise<Bundle[]> {
  if (kinds.length === 0) return []
  let methods: string[] = []
  const lock = async (trx: Transaction<Tables>) => {
    methods = await lockMethods(trx, kinds)
  }
  return transact(db, SYSTEM, (tx) => claim(tx, methods, link), lock)
}

async function lockMethods(trx: Transaction<Tables>, kinds: ContactKind[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with clock as materialized (select tocsin_now() as now), due as (
      (select d.contact_method_id from delivery d join contact_method c on c.id = d.contact_method_id
       where d.state = 'waiting' and d.due_at <= (select now from clock) and c.kind = any(${kinds}::text[])
       order by d.due_at limit ${BATCH})
      union all
      (select d.contact_method_id from delivery d join contact_method c on c.id = d.contact_method_id
       where d.state = 'leased' and d.lease_until < (select now from clock) and c.kind = any(${kinds}::text[])
       order by d.lease_until limit ${BATCH})
    )
    select c.id from contact_method c where c.id in (select contact_method_id from due)
    limit ${METHODS} for no key update skip locked`.execute(trx)
  return rows.map(({ id }) => id)
}

async function claim(
  tx: Tx,
  methods: string[],
  link: { secret: string; publicUrl: string },
): Promise<Bundle[]> {
  if (methods.length === 0) return []
  const due = await dueOver(tx, methods)
  const decided = decideDeliveries(due, await toldOver(tx, methods), tx.now)
  await keepDecisions(tx, decided)
  const rows = await lease(tx, decided.leaves)
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
}

const emptyBundle = (row: LeasedRow, at: Date): Bundle => ({
  id: row.bundle_id,
  methodId: row.method_id,
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

/**
 * What is due over these methods, the oldest first, with what it is about, and what waits for the next message.
 * Pages that somebody is changing at this moment are left for the next sweep.
 */
async function dueOver(tx: Tx, methods: string[]): Promise<DueDelivery[]> {
  const { rows } = await sql<DueDelivery>`
    select d.id, d.contact_method_id as "methodId", c.kind, d.bundle_id as "bundleId", d.bundle_place as "bundlePlace",
      g.state as "pageState", d.due_at as "dueAt",
      coalesce(t.service_id::text, (select 'named:' || a.service from alert a
                                    where a.ticket_id = t.id and a.service is not null limit 1), '') as about
    from delivery d join contact_method c on c.id = d.contact_method_id
    join page g on g.id = d.page_id join ticket t on t.id = g.ticket_id
    where d.contact_method_id = any(${methods}::uuid[])
      and ((d.state = 'waiting' and (d.due_at <= ${tx.now} or (d.held is not null and d.bundle_id is null)))
        or (d.state = 'leased' and d.lease_until < ${tx.now}))
    order by d.due_at, d.bundle_id, d.id limit ${BATCH} for update of d skip locked`.execute(tx.db)
  const bundles = [...new Set(rows.flatMap(({ bundleId }) => bundleId ?? []))]
  if (bundles.length === 0) return rows
  const { rows: sizes } = await sql<{ id: string; size: number }>`
    select bundle_id as id, count(*)::int as size from delivery
    where bundle_id = any(${bundles}::uuid[]) and state in ('waiting', 'leased') group by 1`.execute(tx.db)
  const here = Map.groupBy(rows, ({ bundleId }) => bundleId)
  const torn = new Set(sizes.filter(({ id, size }) => here.get(id)!.length < size).map(({ id }) => id))
  // The same key must not carry two different messages: what left as one waits until all of it can be taken.
  return rows.filter(({ bundleId }) => !bundleId || !torn.has(bundleId))
}

async function toldOver(tx: Tx, methods: string[]): Promise<Map<string, Told>> {
  const { rows } = await sql<{ id: string; at: Date | null; early: Date | null; about: [string, string][] }>`
    select c.id, c.told_at as at, c.told_early_at as early,
      (select coalesce(jsonb_agg(jsonb_build_array(o.about, o.at)), '[]') from contact_told o
       where o.contact_method_id = c.id and o.at > ${forgottenBefore(tx.now)}) as about
    from contact_method c where c.id = any(${methods}::uuid[])`.execute(tx.db)
  return new Map(
    rows.map(({ id, at, early, about }) => [
      id,
      { at, earlyAt: early, about: new Map(about.map(([what, when]) => [what, new Date(when)])) },
    ]),
  )
}

async function keepDecisions(
  tx: Tx,
  { ended, waits, told }: ReturnType<typeof decideDeliveries>,
): Promise<void> {
  if (ended.length > 0)
    await sql`
      update delivery set state = 'cancelled', lease_until = null, outcome = '{"reason": "page-ended"}'
      where id = any(${ended}::uuid[])`.execute(tx.db)
  if (waits.length > 0)
    await sql`
      update delivery d set due_at = g.until, held = coalesce(d.held, '{}') || g.why
      from jsonb_to_recordset(${JSON.stringify(waits)}::jsonb) as g(id uuid, until timestamptz(3), why jsonb)
      where d.id = g.id`.execute(tx.db)
  if (told.length === 0) return
  const given = JSON.stringify(told)
  await sql`
    with given as (
      select * from jsonb_to_recordset(${given}::jsonb) as g("methodId" uuid, early boolean, about text[])
    ), spoken as (
      update contact_method c set told_at = ${tx.now},
        told_early_at = case when g.early then ${tx.now}::timestamptz(3) else c.told_early_at end
      from given g where c.id = g."methodId"
    ), forgotten as (
      delete from contact_told o using given g
      where o.contact_method_id = g."methodId" and o.at <= ${forgottenBefore(tx.now)} and o.about <> all(g.about)
    )
    insert into contact_told (contact_method_id, about, at)
    select g."methodId", a.about, ${tx.now} from given g cross join lateral unnest(g.about) as a(about)
    on conflict (contact_method_id, about) do update set at = excluded.at`.execute(tx.db)
}

async function lease(
  tx: Tx,
  leaves: { id: string; bundleId: string; place: number }[],
): Promise<LeasedRow[]> {
  if (leaves.length === 0) return []
  const { rows } = await sql<LeasedRow>`
    with leased as (
      update delivery d set state = 'leased', bundle_id = g."bundleId", bundle_place = g.place, attempts = d.attempts + 1,
        lease_until = ${tx.now}::timestamptz(3) + ${LEASE_SECONDS} * interval '1 second'
      from jsonb_to_recordset(${JSON.stringify(leaves)}::jsonb) as g(id uuid, "bundleId" uuid, place int)
      where d.id = g.id
      returning d.id, d.bundle_id, d.bundle_place, d.attempts, d.lease_until, d.page_id, d.contact_method_id
    )
    select l.id, l.bundle_id, l.attempts, l.lease_until, l.page_id, c.id as method_id, c.kind, c.address, c.secret_encrypted,
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
    order by l.bundle_id, l.bundle_place, l.id`.execute(tx.db)
  return rows
}
