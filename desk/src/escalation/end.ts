import { sql } from 'kysely'
import { recordOnTickets, type Tx } from '../activity/index.ts'

/**
 * Ends what pages for these tickets: their running cycle with its waiting step, their open pages, and the
 * deliveries that have not left. `by`'s own pages count as acknowledged, the others' as ended.
 */
export async function endEscalations(
  tx: Tx,
  ticketIds: string[],
  how: 'acknowledged' | 'stopped',
  by?: string,
): Promise<void> {
  if (ticketIds.length === 0) return
  const { rows } = await sql<{ id: string; ticket_id: string; state: 'acknowledged' | 'ended' }>`
    with ended as (
      update escalation set state = ${how}, ended_at = ${tx.now}
      where ticket_id = any(${ticketIds}::uuid[]) and state = 'running' returning id
    ), skipped as (
      update escalation_step s set decided_at = ${tx.now}, outcome = jsonb_build_object('skipped', ${how}::text)
      from ended e where s.escalation_id = e.id and s.decided_at is null
    ), closed as (
      update page set
        state = case when ${how === 'acknowledged'} and recipient_id = ${by ?? null}::uuid then 'acknowledged' else 'ended' end,
        acknowledged_at = case when ${how === 'acknowledged'} and recipient_id = ${by ?? null}::uuid then ${tx.now}::timestamptz(3) end,
        ended_at = ${tx.now}, revision = revision + 1
      where ticket_id = any(${ticketIds}::uuid[]) and state = 'open'
      returning id, ticket_id, state, created_at
    ), kept as (
      update delivery d set state = 'cancelled', outcome = jsonb_build_object('reason', ${how}::text)
      from closed p where d.page_id = p.id and d.state = 'waiting'
    )
    select id, ticket_id, state from closed order by created_at, id`.execute(tx.db)
  await recordOnTickets(
    tx,
    rows.map((page) => ({
      ticketId: page.ticket_id,
      verb: page.state === 'acknowledged' ? 'acknowledge' : 'end',
      subject: { kind: 'page', id: page.id },
      after: { state: page.state },
    })),
  )
}
