import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import {
  changeTicket,
  handsOf,
  isOpen,
  lastTarget,
  linkTickets,
  lockTicket,
  type Ticket,
  unlinkTickets,
} from '../ticket/index.ts'
import { carryBack } from './carry.ts'
import { settleRecovery } from './detach.ts'
import type { Was } from './merge.ts'

/**
 * The two were not the same after all: the ticket is as it was, and takes back its alerts that stand unchanged, its
 * groups, whoever followed the other for its sake and what was open in it. A change begins anew, for its approvals are void.
 */
export async function unmergeTicket(given: Tx, id: string): Promise<void> {
  const last = await lastTarget(given, id)
  const merge = await given.db
    .selectFrom('ticket_merge')
    .select(['id', 'into_id', 'was'])
    .where('from_id', '=', id)
    .where('undone_at', 'is', null)
    .executeTakeFirst()
  if (!merge) throw new DeskError('conflict', 'The ticket is not merged into another.')
  const was = merge.was as Was
  await sql`select from alert where ticket_id = ${last} order by id for update`.execute(given.db)
  let tx = given
  let source: Ticket | undefined
  let target: Ticket | undefined
  for (const one of [...new Set([id, merge.into_id, last])].toSorted((a, b) => (a < b ? -1 : 1))) {
    const locked = await lockTicket(tx, one)
    tx = locked.tx
    if (one === id) source = locked.ticket
    if (one === merge.into_id) target = locked.ticket
  }
  await tx.db.updateTable('ticket_merge').set({ undone_at: tx.now }).where('id', '=', merge.id).execute()
  const alerts = await takeBack(tx, { id, last, groups: was.groups })
  await tx.db
    .deleteFrom('watcher')
    .where('ticket_id', '=', merge.into_id)
    .where('person_id', 'in', was.followers.length > 0 ? was.followers : [merge.id])
    .execute()
  const begun = source!.kind === 'change'
  await changeTicket(tx, source!, {
    verb: 'unmerge',
    set: {
      state: begun ? 'new' : was.state,
      pending_reason: was.pending_reason,
      resolved_at: was.resolved_at ? new Date(was.resolved_at) : null,
      closed_at: null,
      resolution_code: was.resolution_code,
      ...(isOpen(was.state) && (await handsOf(tx, source!))),
    },
    after: { other: merge.into_id, from: true, alerts },
    visibility: target!.confidential ? 'internal' : 'public',
  })
  if (begun)
    await tx.db.updateTable('change_plan').set({ approved_at: null }).where('ticket_id', '=', id).execute()
  await changeTicket(tx, target!, {
    verb: 'unmerge',
    set: {},
    after: { other: id, from: false, alerts },
  })
  if (was.carried) await carryBack(tx, was.carried, { id, last })
  if (!was.linked) await unlinkTickets(tx, { fromId: id, toId: merge.into_id, kind: 'duplicates' })
  if (was.turned) await linkTickets(tx, { fromId: merge.into_id, toId: id, kind: 'duplicates' })
  await settleRecovery(tx, [id, last])
}

/** Its alerts, of the opening that it had, wherever the chain has carried them; not those taken out or fired anew. */
async function takeBack(
  tx: Tx,
  { id, last, groups }: { id: string; last: string; groups: Was['groups'] },
): Promise<number> {
  const person = tx.actor.kind === 'person' ? tx.actor.id : null
  const { rows } = await sql<{ alerts: number }>`
    with back as (
      update alert a set ticket_id = ${id}, updated_at = ${tx.now}, revision = a.revision + 1
      from alert_link l
      where a.ticket_id = ${last} and l.alert_id = a.id and l.episode = a.episode and l.ticket_id = ${id}
        and l.detached_at is null
      returning a.id, a.episode
    ), left_there as (
      update alert_link l set detached_at = ${tx.now}, detached_by = ${person} from back b
      where l.ticket_id = ${last} and l.alert_id = b.id and l.episode = b.episode
    ), pointed as (
      update correlation_group c set ticket_id = ${id}
      from jsonb_to_recordset(${JSON.stringify(groups)}::jsonb) as g(rule text, group_key text)
      where c.rule = g.rule and c.group_key = g.group_key and c.ticket_id = ${last}
    )
    select count(*)::int as alerts from back`.execute(tx.db)
  return rows[0]!.alerts
}
