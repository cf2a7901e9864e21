import type { Priority } from '@tocsin/db'
import type { Tx } from '../activity/index.ts'
import { decideClock } from './clock.ts'
import { openBook } from './policies.ts'
import { saveClocks } from './save.ts'

export interface ClockTicket {
  id: string
  kind: string
  priority: Priority
  serviceId: string | null
  createdAt: Date
}

/** Starts the clocks that the policies in force promise to tickets just opened. */
export async function startClocks(tx: Tx, tickets: ClockTicket[]): Promise<void> {
  const book = await openBook(tx.db, tx.now)
  const clocks = tickets.flatMap((ticket) => {
    const history = [{ at: ticket.createdAt, state: 'new', pending_reason: null, priority: ticket.priority }]
    return book.promises(ticket).map(({ target, targetMs, policy, calendar }) => ({
      ...decideClock(
        { target, targetMs, hours: calendar, answeredAt: null, breachedAt: null, marks: [] },
        history,
        tx.now,
      ),
      ticketId: ticket.id,
      target,
      targetMs,
      policyVersionId: policy.id,
      calendarVersionId: calendar.id,
      startedAt: ticket.createdAt,
    }))
  })
  await saveClocks(tx, clocks)
}
