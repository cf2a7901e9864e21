import { DeskError, type Tx } from '../activity/index.ts'
import { keepRoutes, routeAgain } from '../routing/index.ts'
import { lockTicket, type Ticket } from './change.ts'
import { assignTicket } from './move.ts'

/**
 * Asks the routing rules in force again, for a ticket as it is now. Where one holds, the ticket goes to its team,
 * and is nobody's there unless it was that team's already. Impact and urgency stay as people have set them since.
 */
export async function rerouteTicket(given: Tx, { id }: { id: string }): Promise<Ticket> {
  const { tx } = await lockTicket(given, id)
  const route = await routeAgain(tx, id)
  if (!route) throw new DeskError('conflict', 'No routing rule holds for this ticket. It stays where it is.')
  const next = await assignTicket(tx, {
    id,
    teamId: route.teamId,
    why: { route: { version: route.version, rule: route.rule, place: route.place } },
  })
  await keepRoutes(tx, [{ ticketId: id, route }], tx.actor.kind === 'person' ? tx.actor.id : null)
  return next
}
