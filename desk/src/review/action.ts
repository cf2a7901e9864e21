import { sql } from 'kysely'
import { DeskError, found, type Tx } from '../activity/index.ts'
import { changeTicket } from '../ticket/index.ts'
import { step } from './write.ts'

export interface ActionInput {
  title: string
  ownerId: string
  /** The last day, where its owner is: `2026-12-01`. */
  dueOn: string
  /** The problem or change that does it. */
  linkedId: string | null
}

/** Something that is to be done about it, by whom and until when. Answers its id. */
export async function addAction(given: Tx, id: string, input: ActionInput): Promise<string> {
  const { ticket, tx } = await step(given, id, 'act')
  await demandOwner(tx, input.ownerId)
  const { rows } = await sql<{ id: string }>`
    insert into review_action (ticket_id, title, owner_id, due_on, due_at, linked_id, remind_at, created_by, created_at)
    select ${id}, ${input.title.trim()}, p.id, ${input.dueOn}::date, ${DUE_AT(input.dueOn)}, ${input.linkedId}, ${DUE_AT(input.dueOn)},
      ${tx.actor.kind === 'person' ? tx.actor.id : null}::uuid, ${tx.now}
    from person p where p.id = ${input.ownerId} returning id`.execute(tx.db)
  const actionId = rows[0]!.id
  await changeTicket(tx, ticket, {
    verb: 'add-action',
    set: {},
    after: { action: actionId, person: input.ownerId, due_on: input.dueOn },
    visibility: 'internal',
  })
  return actionId
}

/** The end of a day where `person p` is. */
const DUE_AT = (day: string) => sql`((${day}::date + 1)::timestamp at time zone p.zone)`

/**
 * Changes what is to be done, or says that it is done, or not after all. With another owner or day it is due, and
 * recalled, anew.
 */
export async function editAction(
  given: Tx,
  actionId: string,
  input: Partial<ActionInput> & { done?: boolean; seenRevision?: number },
): Promise<void> {
  const of = await given.db
    .selectFrom('review_action')
    .select('ticket_id')
    .where('id', '=', actionId)
    .executeTakeFirst()
  const { ticket, tx } = await step(given, found(of, 'action').ticket_id, 'act')
  const held = await tx.db
    .selectFrom('review_action')
    .selectAll()
    .select(sql<string>`due_on::text`.as('day'))
    .where('id', '=', actionId)
    .executeTakeFirstOrThrow()
  if (input.seenRevision !== undefined && input.seenRevision !== held.revision)
    throw new DeskError('stale', 'Somebody changed this action meanwhile.', {
      current: { revision: held.revision },
    })
  const isDone = held.done_at !== null
  const next = {
    title: input.title?.trim() ?? held.title,
    owner: input.ownerId ?? held.owner_id,
    day: input.dueOn ?? held.day,
    linked: input.linkedId === undefined ? held.linked_id : input.linkedId,
    done: input.done ?? isDone,
  }
  const moved = next.owner !== held.owner_id || next.day !== held.day
  const reworded = next.title !== held.title
  if (!moved && !reworded && next.linked === held.linked_id && next.done === isDone) return
  if (next.owner !== held.owner_id) await demandOwner(tx, next.owner)
  const reminded = moved || (isDone && !next.done)
  await sql`
    update review_action a set title = ${next.title}, owner_id = p.id, due_on = ${next.day}::date, linked_id = ${next.linked}::uuid,
      due_at = case when ${moved} then ${DUE_AT(next.day)} else a.due_at end,
      remind_at = case when ${next.done} then null when ${reminded} then ${DUE_AT(next.day)} else a.remind_at end,
      done_at = ${next.done ? (held.done_at ?? tx.now) : null}::timestamptz(3),
      done_by = ${next.done ? (isDone ? held.done_by : tx.actor.id) : null}::uuid, revision = a.revision + 1
    from person p where a.id = ${actionId} and p.id = ${next.owner}`.execute(tx.db)
  await changeTicket(tx, ticket, {
    verb: next.done === isDone ? 'edit-action' : next.done ? 'finish-action' : 'reopen-action',
    set: {},
    before: { person: held.owner_id, due_on: held.day },
    after: {
      action: actionId,
      person: next.owner,
      due_on: next.day,
      ...(next.linked && next.linked !== held.linked_id && { other: next.linked }),
    },
    visibility: 'internal',
  })
}

async function demandOwner(tx: Tx, ownerId: string): Promise<void> {
  const { rows } = await sql`
    select from person p where p.id = ${ownerId} and p.archived_at is null
      and exists (select from role_grant g where g.person_id = p.id)`.execute(tx.db)
  if (rows.length === 0)
    throw new DeskError('invalid', 'Whoever does it must work at the desk.', {
      errors: [{ path: 'owner_id', message: 'does not work at the desk' }],
    })
}
