import type { Tx } from '../activity/index.ts'
import { changeTicket, lockTicket } from './change.ts'

/** Whoever acts follows the ticket, or follows it no more. Watchers see it and are told of public changes. */
export async function watchTicket(
  given: Tx,
  input: { id: string; personId: string; on: boolean },
): Promise<void> {
  const { ticket, tx } = await lockTicket(given, input.id)
  const row = { ticket_id: ticket.id, person_id: input.personId }
  const changed = input.on
    ? await tx.db
        .insertInto('watcher')
        .values({ ...row, created_at: tx.now })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
        .then((result) => result.numInsertedOrUpdatedRows ?? 0n)
    : await tx.db
        .deleteFrom('watcher')
        .where('ticket_id', '=', row.ticket_id)
        .where('person_id', '=', row.person_id)
        .executeTakeFirst()
        .then((result) => result.numDeletedRows)
  if (changed === 0n) return
  await changeTicket(tx, ticket, {
    verb: input.on ? 'watch' : 'unwatch',
    set: {},
    after: { person: input.personId },
  })
}
