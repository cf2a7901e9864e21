import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import {
  changeTicket,
  closeTicket,
  linkTickets,
  lockTicket,
  OPEN_STATES,
  resolveTicket,
  type Ticket,
} from '../ticket/index.ts'
import { settleRecovery } from './detach.ts'

/**
 * One failure in two tickets: the alerts of `from` go on in `into`, what its groups bring later too, and `from`
 * closes as its duplicate. What was written stays where it was, a link away.
 */
export async function mergeTickets(given: Tx, { from, into }: { from: string; into: string }): Promise<void> {
  if (from === into)
    throw new DeskError('invalid', 'A ticket cannot be merged with itself.', {
      errors: [{ path: 'into', message: 'is the ticket itself' }],
    })
  const { tx, source, target } = await lockPair(given, from, into)
  if (source.kind !== target.kind)
    throw new DeskError('invalid', 'Only tickets of one kind can be merged.', {
      errors: [{ path: 'into', message: 'is of another kind' }],
    })
  if (source.state !== 'resolved' && !OPEN_STATES.includes(source.state))
    throw new DeskError('conflict', 'The ticket has ended: there is nothing to merge.')
  if (!OPEN_STATES.includes(target.state))
    throw new DeskError('conflict', 'The ticket to merge into has ended. Reopen it first.')
  const { rows } = await sql<{ id: string }>`
    with moved as (
      update alert set ticket_id = ${into}, updated_at = ${tx.now}, revision = revision + 1
      where ticket_id = ${from} returning id, episode
    ), pointed as (
      update correlation_group set ticket_id = ${into} where ticket_id = ${from}
    ), linked as (
      insert into alert_link as l (alert_id, episode, ticket_id, how, rule, rule_version, evidence, linked_at)
      select f.alert_id, f.episode, ${into}, 'by-hand', f.rule, f.rule_version,
             f.evidence || jsonb_build_object('merged', ${from}::text), ${tx.now}
      from alert_link f join moved m on m.id = f.alert_id and m.episode = f.episode
      where f.ticket_id = ${from} and f.detached_at is null
      order by f.linked_at, f.id
      on conflict (alert_id, episode, ticket_id) do update
        set detached_at = null, detached_by = null, detached_why = null
    )
    select id from moved`.execute(tx.db)
  const line = { verb: 'merge', set: {} }
  await changeTicket(tx, source, { ...line, after: { other: into, from: true, alerts: rows.length } })
  await changeTicket(tx, target, { ...line, after: { other: from, from: false, alerts: rows.length } })
  await linkTickets(tx, { fromId: from, toId: into, kind: 'duplicates' })
  const why = { rule: 'merged', other: into }
  await resolveTicket(tx, { id: from, code: 'duplicate', why })
  await closeTicket(tx, { id: from, why })
  await settleRecovery(tx, [from, into])
}

/** Alerts before tickets, as the worker locks. What joins between the two is not ours to move: it is a conflict. */
async function lockPair(
  given: Tx,
  from: string,
  into: string,
): Promise<{ tx: Tx; source: Ticket; target: Ticket }> {
  const { rows: seen } = await sql<{ id: string }>`
    select id from alert where ticket_id = ${from} order by id for update`.execute(given.db)
  const [low, high] = from < into ? [from, into] : [into, from]
  const first = await lockTicket(given, low)
  const second = await lockTicket(first.tx, high)
  const { rows: joined } = await sql`
    select from alert where ticket_id = ${from} and id <> all(${seen.map(({ id }) => id)}::uuid[]) limit 1`.execute(
    given.db,
  )
  if (joined.length > 0)
    throw new DeskError('conflict', 'An alert has joined the ticket just now. Look again, then merge.')
  const [source, target] = from < into ? [first.ticket, second.ticket] : [second.ticket, first.ticket]
  return { tx: second.tx, source, target }
}
