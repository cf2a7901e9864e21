import { sql } from 'kysely'
import { recordOnTickets, type Tx } from '../activity/index.ts'
import { onRecord, openPages, type PageInput, type PageWhy } from './open-pages.ts'

/** Tickets that an integration in shadow opened: what they would page is written down, and nobody hears of it. */
export async function keepInShadow(tx: Tx, integrationId: string, ticketIds: string[]): Promise<void> {
  if (ticketIds.length === 0) return
  await sql`
    insert into shadow_ticket (ticket_id, integration_id, since)
    select id, ${integrationId}, ${tx.now} from unnest(${ticketIds}::uuid[]) id on conflict do nothing`.execute(
    tx.db,
  )
}

/** Those of the tickets that page nobody. To be asked once they are locked: joining takes the same lock. */
export async function inShadow(tx: Tx, ticketIds: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select ticket_id as id from shadow_ticket where ticket_id = any(${ticketIds}::uuid[]) and left_at is null`.execute(
    tx.db,
  )
  return new Set(rows.map(({ id }) => id))
}

/** What `openPages` would have opened, decided by the same code: kept with its why, sent to nobody. */
export async function keepShadowPages(tx: Tx, pages: PageInput[]): Promise<void> {
  if (pages.length === 0) return
  const given = pages.map(({ ticketId, cycle, step, recipientId, why }, position) => ({
    position,
    ticket_id: ticketId,
    cycle,
    step,
    recipient_id: recipientId,
    why,
  }))
  const { rows } = await sql<{ id: string; position: number }>`
    with given as (
      select g.*, s.integration_id,
        extract(hour from ${tx.now}::timestamptz at time zone p.zone) not between 8 and 21 as at_night
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
        as g(position int, ticket_id uuid, cycle int, step int, recipient_id uuid, why jsonb)
      join shadow_ticket s on s.ticket_id = g.ticket_id join person p on p.id = g.recipient_id
    ), kept as (
      insert into shadow_page (ticket_id, integration_id, cycle, step, recipient_id, why, at, at_night)
      select ticket_id, integration_id, cycle, step, recipient_id, why, ${tx.now}, at_night from given order by position
      on conflict do nothing returning id, ticket_id, cycle, step, recipient_id
    )
    select k.id, g.position from kept k join given g using (ticket_id, cycle, step, recipient_id)
    order by g.position`.execute(tx.db)
  await recordOnTickets(
    tx,
    rows.map(({ id, position }) => {
      const { ticketId, cycle, step, recipientId, why, actor } = pages[position]!
      const after = { recipient: recipientId, cycle, step }
      return {
        ticketId,
        verb: 'would-page',
        subject: { kind: 'shadow_page', id },
        actor,
        after,
        why: onRecord(why),
      }
    }),
  )
}

interface Missed {
  ticket_id: string
  cycle: number
  step: number
  recipient_id: string
  why: Exclude<PageWhy, { by_hand: unknown }>
}

/**
 * An alert of an integration that pages has joined: from now on these tickets page. Where nobody has answered
 * yet, whoever would have been paged before is paged now, once. The tickets are locked by the caller.
 */
export async function leaveShadow(tx: Tx, ticketIds: string[]): Promise<void> {
  if (ticketIds.length === 0) return
  const { rows: gone } = await sql<{ id: string }>`
    update shadow_ticket set left_at = ${tx.now}
    where ticket_id = any(${ticketIds}::uuid[]) and left_at is null returning ticket_id as id`.execute(tx.db)
  if (gone.length === 0) return
  const ids = gone.map(({ id }) => id)
  await recordOnTickets(
    tx,
    ids.map((ticketId) => ({ ticketId, verb: 'leave-shadow', subject: { kind: 'ticket', id: ticketId } })),
  )
  const { rows } = await sql<Missed>`
    select distinct on (p.ticket_id, p.recipient_id) p.ticket_id, p.cycle, p.step, p.recipient_id, p.why
    from shadow_page p join ticket t on t.id = p.ticket_id
    join escalation e on e.ticket_id = p.ticket_id and e.cycle = p.cycle
    where p.ticket_id = any(${ids}::uuid[]) and t.state in ('new', 'in_progress', 'pending')
      and e.state in ('running', 'finished')
    order by p.ticket_id, p.recipient_id, p.at desc, p.id desc`.execute(tx.db)
  await openPages(
    tx,
    rows.map(({ ticket_id, cycle, step, recipient_id, why }) => ({
      ticketId: ticket_id,
      cycle,
      step,
      recipientId: recipient_id,
      why,
      actor: { kind: 'rule', id: why.policy.id },
      cause: { kind: 'shadow', id: ticket_id },
    })),
  )
}
