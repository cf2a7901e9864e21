import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { withdraw } from '../approval/index.ts'
import { liftWindows } from '../change/index.ts'
import { endEscalations, inShadow, leaveShadow } from '../escalation/index.ts'
import { voidClocks } from '../sla/index.ts'
import {
  changeTicket,
  lastTarget,
  linkTickets,
  lockTicket,
  moveTicket,
  OPEN_STATES,
  type Ticket,
  unlinkTickets,
} from '../ticket/index.ts'
import { type Carried, carryOn } from './carry.ts'
import { settleRecovery } from './detach.ts'

/** What a merge changed beside the ticket's own columns, so that it can be undone. */
export interface Was {
  state: Ticket['state']
  pending_reason: Ticket['pending_reason']
  resolved_at: string | null
  resolution_code: string | null
  /** Groups whose alerts went to the ticket. */
  groups: { rule: string; group_key: string }[]
  /** Who follows the other since. */
  followers: string[]
  /** It was marked a duplicate before. */
  linked: boolean
  /** The other was marked a duplicate of it. */
  turned?: boolean
  carried?: Carried
}

/**
 * One matter in two tickets: `from` closes as a duplicate and its story, its alerts, what its groups bring later and
 * whoever follows it go on in `into`, or in what that was merged into, and so does what is open in it. Nothing is
 * copied: who reads the one story reads what stands in both, as far as they may see each. `evidence`: why, where no
 * person says so.
 */
export async function mergeTickets(
  given: Tx,
  { from, into: named, evidence = {} }: { from: string; into: string; evidence?: Record<string, unknown> },
): Promise<void> {
  if (from === named)
    throw new DeskError('invalid', 'A ticket cannot be merged with itself.', {
      errors: [{ path: 'into', message: 'is the ticket itself' }],
    })
  const into = await lastTarget(given, named)
  if (into === from)
    throw new DeskError('conflict', 'That ticket was merged into this one: it cannot go on in itself.')
  const { tx, source, target } = await lockPair(given, from, into)
  if (source.kind !== target.kind)
    throw new DeskError('invalid', 'Only tickets of one kind can be merged.', {
      errors: [{ path: 'into', message: 'is of another kind' }],
    })
  if (!OPEN_STATES.includes(target.state))
    throw new DeskError('conflict', 'The ticket to merge into has ended. Reopen it first.')
  await demandNoMajor(tx, source)

  const { alerts, groups } = await moveAlerts(tx, from, into, evidence)
  const followers = source.confidential || !target.confidential ? await follow(tx, source, into) : []
  const why = { rule: 'merged', other: into, ...evidence }
  const heard = target.confidential ? 'internal' : 'public'
  const set = { resolution_code: 'merged' }
  await moveTicket(tx, { id: from, set, after: { other: into, from: true, alerts }, why }, 'merge', heard)
  await voidClocks(tx, from)
  await endEscalations(tx, [from], 'stopped')
  await withdraw(tx, from)
  if (source.kind === 'change') await liftWindows(tx, from)
  const now = await lockTicket(tx, into)
  await changeTicket(now.tx, now.ticket, {
    verb: 'merge',
    set: {},
    after: { other: from, from: false, alerts, ...(followers.length > 0 && { people: followers }) },
  })
  if (!(await inShadow(tx, [from])).has(from)) await leaveShadow(now.tx, [into])
  const carried = await carryOn(now.tx, from, into)
  const [linked, turned] = [await isLinked(tx, from, into), await isLinked(tx, into, from)]
  if (turned) await unlinkTickets(now.tx, { fromId: into, toId: from, kind: 'duplicates' })
  await linkTickets(now.tx, { fromId: from, toId: into, kind: 'duplicates' })
  const was: Was = {
    state: source.state,
    pending_reason: source.pending_reason,
    resolved_at: source.resolved_at?.toISOString() ?? null,
    resolution_code: source.resolution_code,
    groups,
    followers,
    linked,
    turned,
    carried,
  }
  await tx.db
    .insertInto('ticket_merge')
    .values({
      from_id: from,
      into_id: into,
      was: JSON.stringify(was),
      merged_by: tx.actor.kind === 'person' ? tx.actor.id : null,
      merged_at: tx.now,
    })
    .execute()
  await settleRecovery(now.tx, [from, into])
}

async function moveAlerts(
  tx: Tx,
  from: string,
  into: string,
  evidence: Record<string, unknown>,
): Promise<{ alerts: number; groups: Was['groups'] }> {
  const { rows } = await sql<{ alerts: number; groups: Was['groups'] }>`
    with moved as (
      update alert set ticket_id = ${into}, updated_at = ${tx.now}, revision = revision + 1
      where ticket_id = ${from} returning id, episode
    ), pointed as (
      update correlation_group set ticket_id = ${into} where ticket_id = ${from} returning rule, group_key
    ), linked as (
      insert into alert_link as l (alert_id, episode, ticket_id, how, rule, rule_version, evidence, linked_at)
      select f.alert_id, f.episode, ${into}, 'by-hand', f.rule, f.rule_version,
             f.evidence || jsonb_build_object('merged', ${from}::text) || ${JSON.stringify(evidence)}::jsonb, ${tx.now}
      from alert_link f join moved m on m.id = f.alert_id and m.episode = f.episode
      where f.ticket_id = ${from} and f.detached_at is null
      order by f.linked_at, f.id
      on conflict (alert_id, episode, ticket_id) do update
        set detached_at = null, detached_by = null, detached_why = null
    )
    select (select count(*)::int from moved) as alerts,
           coalesce((select jsonb_agg(pointed) from pointed), '[]') as groups`.execute(tx.db)
  return rows[0]!
}

/** Whoever asked for the one, or watches it, watches the other. Answers those who did not before. */
async function follow(tx: Tx, source: Ticket, into: string): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    insert into watcher (ticket_id, person_id, created_at)
    select ${into}, p.id, ${tx.now} from person p
    where (p.id = ${source.requester_id} or p.id in (select person_id from watcher where ticket_id = ${source.id}))
      and p.archived_at is null
      and not exists (select from ticket t where t.id = ${into} and t.requester_id = p.id)
    on conflict do nothing returning person_id`.execute(tx.db)
  return rows.map((row) => row.person_id)
}

/** People outside the desk wait for news of it: it ends as what it was declared to be. */
async function demandNoMajor(tx: Tx, { id, state }: Ticket): Promise<void> {
  if (!OPEN_STATES.includes(state)) return
  const { rows } =
    await sql`select from major_incident where ticket_id = ${id} and state = 'declared'`.execute(tx.db)
  if (rows.length > 0)
    throw new DeskError(
      'conflict',
      'This is a declared major incident: merge the other into it, or reject it as a major incident first.',
    )
}

async function isLinked(tx: Tx, from: string, into: string): Promise<boolean> {
  const link = await tx.db
    .selectFrom('ticket_link')
    .select('kind')
    .where('from_id', '=', from)
    .where('to_id', '=', into)
    .where('kind', '=', 'duplicates')
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return link !== undefined
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
