import type { Tx } from '../activity/index.ts'
import { type Facets, openBook } from './book.ts'
import { decideClock } from './clock.ts'
import { pausesOf } from './policies.ts'
import { saveClocks } from './save.ts'

export interface ClockTicket extends Facets {
  id: string
  createdAt: Date
}

/** Starts the clocks that the policies in force promise to tickets just opened. */
export async function startClocks(tx: Tx, tickets: ClockTicket[]): Promise<void> {
  const book = await openBook(
    tx.db,
    tx.now,
    tickets.map((ticket) => ticket.requesterId),
  )
  const clocks = tickets.flatMap((ticket) => {
    const { createdAt: at, priority, teamId: team_id } = ticket
    const history = [{ at, state: 'new', pending_reason: null, priority, team_id }]
    return book.promises(ticket).map(({ target, targetMs, policy, calendar, why }) => ({
      ...decideClock(
        {
          target,
          targetMs,
          hours: calendar,
          pauses: pausesOf(policy),
          answeredAt: null,
          breachedAt: null,
          marks: [],
        },
        history,
        tx.now,
      ),
      ticketId: ticket.id,
      target,
      targetMs,
      policyVersionId: policy.id,
      calendarVersionId: calendar.id,
      startedAt: at,
      setAt: at,
      why,
      missed: 0,
    }))
  })
  await saveClocks(tx, clocks)
}
