import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'

export interface LeasedMessage {
  id: string
  webhook_id: string
  url: string
  body: string
  attempts: number
  lease_until: Date
  /** When it was leased, by the clock that decides. */
  at: Date
  secret: Buffer
  /** null: there is none, or its time is over. */
  old_secret: Buffer | null
}

export const LEASE_SECONDS = 30
// Each receiver has room of its own and no more, so that one that hangs never takes another's.
export const MOST_OF_ONE = 4
const MOST_WEBHOOKS = 100

/** None of the same ticket before it is under way, over `webhook_delivery d`. */
const FIRST = sql`not exists (
  select from webhook_delivery e where e.webhook_id = d.webhook_id and e.ticket_id = d.ticket_id
    and e.state in ('waiting', 'leased') and (e.place, e.id) < (d.place, d.id))`

/**
 * Leases what is due, and what another engine leased and never finished. A message leaves only when none of the same
 * ticket before it is under way. Webhooks are locked first, in a statement of its own: what is read after that is what
 * the engine before has left of their room.
 */
export async function leaseMessages(db: Db): Promise<LeasedMessage[]> {
  let webhooks: string[] = []
  return transact(
    db,
    SYSTEM,
    (tx) => (webhooks.length === 0 ? Promise.resolve([]) : lease(tx, webhooks)),
    async (trx) => {
      webhooks = await lockWebhooks(trx)
    },
  )
}

async function lockWebhooks(trx: Transaction<Tables>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with clock as materialized (select tocsin_now() as now)
    select w.id from webhook w
    where w.archived_at is null and w.state = 'on' and (w.wait_until is null or w.wait_until <= (select now from clock)) and (
      exists (select from webhook_delivery d where d.webhook_id = w.id and d.state = 'waiting' and d.due_at <= (select now from clock))
      or exists (select from webhook_delivery d where d.webhook_id = w.id and d.state = 'leased' and d.lease_until < (select now from clock)))
    order by w.id limit ${MOST_WEBHOOKS} for no key update skip locked`.execute(trx)
  return rows.map(({ id }) => id)
}

async function lease(tx: Tx, webhooks: string[]): Promise<LeasedMessage[]> {
  const { rows } = await sql<LeasedMessage>`
    with room as materialized (
      select w.id, ${MOST_OF_ONE} - (select count(*) from webhook_delivery u where u.webhook_id = w.id
        and u.state = 'leased' and u.lease_until >= ${tx.now}) as free
      from webhook w where w.id = any(${webhooks}::uuid[])
    ), due as (
      select l.id from room r, lateral (
        select n.id from (
          (select d.id, d.due_at, d.place from webhook_delivery d
           where d.webhook_id = r.id and d.state = 'leased' and d.lease_until < ${tx.now} and ${FIRST}
           limit ${MOST_OF_ONE})
          union all
          (select d.id, d.due_at, d.place from webhook_delivery d
           where d.webhook_id = r.id and d.state = 'waiting' and d.due_at <= ${tx.now} and ${FIRST}
           order by d.due_at, d.place limit ${MOST_OF_ONE})) n
        order by n.due_at, n.place limit greatest(r.free, 0)) l
    ), leased as (
      update webhook_delivery d set state = 'leased', attempts = d.attempts + 1,
        lease_until = ${tx.now}::timestamptz(3) + ${LEASE_SECONDS} * interval '1 second'
      from due where d.id = due.id
      returning d.id, d.webhook_id, d.body, d.attempts, d.lease_until
    )
    select l.*, w.url, ${tx.now}::timestamptz(3) as at, w.secret_encrypted as secret,
      case when w.old_secret_until > ${tx.now} then w.old_secret_encrypted end as old_secret
    from leased l join webhook w on w.id = l.webhook_id order by l.id`.execute(tx.db)
  return rows
}
