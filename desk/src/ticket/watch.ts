import { sql } from 'kysely'
import { recordOnTickets, type Tx } from '../activity/index.ts'
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

/** Others are let follow it, each with a line of their own; whoever does already is left alone. */
export async function letFollow(
  given: Tx,
  input: { id: string; personIds: readonly string[] },
): Promise<void> {
  const { ticket, tx } = await lockTicket(given, input.id)
  const { rows } = await sql<{ person_id: string }>`
    insert into watcher (ticket_id, person_id, created_at)
    select ${ticket.id}, p.id, ${tx.now} from unnest(${input.personIds}::uuid[]) as p(id) order by p.id
    on conflict do nothing returning person_id`.execute(tx.db)
  await recordOnTickets(
    tx,
    rows.map(({ person_id }) => ({
      ticketId: ticket.id,
      verb: 'watch',
      subject: { kind: 'ticket', id: ticket.id },
      after: { person: person_id },
    })),
  )
}
