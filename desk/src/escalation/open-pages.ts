import { sql } from 'kysely'
import { type Actor, type Line, recordOnTickets, type Tx } from '../activity/index.ts'
import { queueDeliveries } from '../notify/index.ts'
import type { Path } from './resolve-targets.ts'
import type { SlaCause } from './start.ts'

/** Why this person was woken: kept on the page, shown to them and on the ticket. */
export type PageWhy =
  | {
      policy: { id: string; name: string; version: number }
      round: number
      step: number
      paths: Path[]
      /** The clock that asked, where one did. */
      sla?: SlaCause
    }
  | { by_hand: string | null }

export interface PageInput {
  ticketId: string
  cycle: number
  step: number
  recipientId: string
  why: PageWhy
  actor: Actor
  cause?: Line['cause']
}

/**
 * Opens pages with their deliveries and their lines. The unique key keeps each (ticket, cycle, step,
 * recipient) single, so deciding a step twice pages nobody twice. Answers the ids of those that are new.
 */
export async function openPages(tx: Tx, pages: PageInput[]): Promise<string[]> {
  if (pages.length === 0) return []
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
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
        as g(position int, ticket_id uuid, cycle int, step int, recipient_id uuid, why jsonb)
    ), opened as (
      insert into page (ticket_id, cycle, step, recipient_id, why, state, created_at)
      select ticket_id, cycle, step, recipient_id, why, 'open', ${tx.now} from given order by position
      on conflict do nothing returning id, ticket_id, cycle, step, recipient_id
    )
    select o.id, g.position from opened o join given g using (ticket_id, cycle, step, recipient_id)
    order by g.position`.execute(tx.db)
  const ids = rows.map((row) => row.id)
  await queueDeliveries(tx, ids)
  await recordOnTickets(
    tx,
    rows.map(({ id, position }) => {
      const { ticketId, cycle, step, recipientId, why, actor, cause } = pages[position]!
      const after = { recipient: recipientId, cycle, step }
      return {
        ticketId,
        verb: 'page',
        subject: { kind: 'page', id },
        actor,
        after,
        cause,
        why: onRecord(why),
      }
    }),
  )
  return ids
}

/** A line cannot be erased, so names stay with the page and ids go on the record. */
export function onRecord(why: PageWhy): unknown {
  if ('by_hand' in why) return why
  const { policy, paths, sla, ...place } = why
  return {
    ...place,
    ...(sla && { sla: { ...sla, policy: { id: sla.policy.id, version: sla.policy.version } } }),
    policy: { id: policy.id, version: policy.version },
    paths: paths.map((path) => ({ ...path, name: undefined, rotation: indexOnly(path) })),
  }
}

const indexOnly = (path: Path) =>
  path.kind === 'schedule' && path.rotation ? { ...path.rotation, name: undefined } : undefined
