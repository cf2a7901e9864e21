import { createHmac, hkdfSync } from 'node:crypto'
import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { hashKey } from '../auth/index.ts'

const LASTS_HOURS = 24

/**
 * The token of a delivery's acknowledgement link: signed, not stored, so a mail that is sent again carries
 * the same link.
 */
export function acknowledgeToken(secret: string, deliveryId: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, 'tocsin', 'acknowledge links', 32))
  return `ack_${createHmac('sha256', key).update(deliveryId).digest('base64url')}`
}

/** Makes the links of these deliveries usable, once each, for a day. */
export async function keepTokens(tx: Tx, links: { token: string; pageId: string }[]): Promise<void> {
  if (links.length === 0) return
  const given = links.map(({ token, pageId }) => ({ hash: hashKey(token).toString('hex'), page_id: pageId }))
  await sql`
    insert into ack_token (hash, page_id, expires_at)
    select decode(g.hash, 'hex'), g.page_id, ${tx.now}::timestamptz(3) + ${LASTS_HOURS} * interval '1 hour'
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(hash text, page_id uuid)
    on conflict do nothing`.execute(tx.db)
}

export interface LinkedPage {
  pageId: string
  personId: string
  ticket: { id: string; number: string; title: string; state: string; priority: string }
}

const GONE =
  'This link was used already, or is too old, or somebody else has taken it. Sign in to see how it stands.'

/** What a link stands for; looking changes nothing. `not_found` for an invented one, `gone` once used or old. */
export async function readLink(db: Db, token: string): Promise<LinkedPage> {
  const { rows } = await sql<LinkedPage & { usable: boolean }>`
    select g.id as "pageId", g.recipient_id as "personId",
           jsonb_build_object('id', t.id, 'number', t.number, 'title', t.title, 'state', t.state, 'priority', t.priority) as ticket,
           k.used_at is null and k.expires_at > tocsin_now() and g.state = 'open' and p.archived_at is null as usable
    from ack_token k join page g on g.id = k.page_id join ticket t on t.id = g.ticket_id
    join person p on p.id = g.recipient_id
    where k.hash = ${hashKey(token)}`.execute(db)
  const row = rows[0]
  if (!row) throw new DeskError('not_found', 'There is no such link.')
  const { usable, ...page } = row
  if (!usable) throw new DeskError('gone', GONE)
  return page
}

/**
 * Uses a link up, in the transaction that acknowledges. `gone` when it was used, is old, or the page has
 * ended. The ticket's row must be locked before, as for every change of it.
 */
export async function useLink(tx: Tx, token: string): Promise<void> {
  const { rows } = await sql`
    update ack_token k set used_at = ${tx.now} from page g
    where k.hash = ${hashKey(token)} and g.id = k.page_id and g.state = 'open'
      and k.used_at is null and k.expires_at > ${tx.now}
    returning k.page_id`.execute(tx.db)
  if (rows.length === 0) throw new DeskError('gone', GONE)
}
