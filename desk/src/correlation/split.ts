import { record, type Tx } from '../activity/index.ts'
import { changeTicket, linkTickets, lockTicket, type OpenedTicket } from '../ticket/index.ts'
import { settleRecovery, takeOut } from './detach.ts'
import { openApart } from './open-apart.ts'

/** Two failures in one ticket: these alerts become an incident of their own, and the two are linked. */
export async function splitTicket(
  given: Tx,
  { ticketId, alertIds, title }: { ticketId: string; alertIds: string[]; title?: string },
): Promise<OpenedTicket> {
  const { tx, ticket, taken } = await takeOut(given, { ticketId, alertIds })
  const opened = await openApart(tx, ticket, taken, title?.trim() || undefined)
  await record(
    tx,
    taken.map(({ id, episode }) => ({
      verb: 'split',
      subject: { kind: 'alert', id },
      before: { ticket: ticketId },
      after: { ticket: opened.id, episode },
    })),
  )
  const { ticket: now, tx: later } = await lockTicket(tx, ticketId)
  await changeTicket(later, now, {
    verb: 'split',
    set: {},
    after: { other: opened.id, alerts: taken.length },
  })
  await linkTickets(later, { fromId: opened.id, toId: ticketId, kind: 'relates' })
  await settleRecovery(later, [ticketId, opened.id])
  return opened
}
