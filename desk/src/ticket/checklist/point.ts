import { sql } from 'kysely'
import { DeskError, found, type Tx } from '../../activity/index.ts'
import { changeTicket, lockTicket } from '../change.ts'
import type { ChecklistPoint } from './template.ts'

/** On one ticket. */
export const MOST_POINTS = 100

/** Puts points at the end of a ticket's checklist: one by hand, or those of a template. */
export async function addPoints(
  given: Tx,
  input: { ticketId: string } & (ChecklistPoint | { templateId: string }),
): Promise<void> {
  const { ticket, tx } = await lockOpen(given, input.ticketId)
  const templateId = 'templateId' in input ? input.templateId : null
  const points = 'templateId' in input ? await pointsOf(tx, input.templateId) : [input]
  const { rows: before } = await sql<{ count: number; last: number }>`
    select count(*)::int as count, coalesce(max(position), 0) as last
    from checklist_item where ticket_id = ${ticket.id} and removed_at is null`.execute(tx.db)
  const { count, last } = before[0]!
  if (count + points.length > MOST_POINTS)
    throw new DeskError('conflict', `A checklist has at most ${MOST_POINTS} points.`)
  const rows = await tx.db
    .insertInto('checklist_item')
    .values(
      points.map(({ text, required = false }, place) => ({
        ticket_id: ticket.id,
        template_id: templateId,
        position: last + place + 1,
        text,
        required,
        author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
        created_at: tx.now,
      })),
    )
    .returning('id')
    .execute()
  const only = rows.length === 1 ? { item: rows[0]!.id } : { count: rows.length }
  await changeTicket(tx, ticket, {
    verb: 'checklist',
    set: {},
    after: { did: 'add', ...only, ...(templateId && { checklists: [templateId] }) },
  })
}

export interface PointEdit {
  ticketId: string
  id: string
  text?: string
  required?: boolean
  done?: boolean
  /** Its place from 0; beyond the last is the last. */
  place?: number
  /** The revision of the point that was seen; absent: no check. */
  seenRevision?: number
}

/** Ticks a point or not, changes its words, or moves it. What is so already changes nothing. */
export async function editPoint(given: Tx, input: PointEdit): Promise<void> {
  const { ticket, tx } = await lockOpen(given, input.ticketId)
  const before = await findPoint(tx, ticket.id, input.id)
  if (input.seenRevision !== undefined && input.seenRevision !== before.revision)
    throw new DeskError('stale', 'Somebody changed this point meanwhile.', { current: before })
  const words = input.text !== undefined && input.text !== before.text
  const demands = input.required !== undefined && input.required !== before.required
  const ticks = input.done !== undefined && input.done !== (before.done_at !== null)
  if (words || demands || ticks)
    await tx.db
      .updateTable('checklist_item')
      .set((eb) => ({
        ...(words && { text: input.text }),
        ...(demands && { required: input.required }),
        ...(ticks && {
          done_at: input.done ? tx.now : null,
          done_by: input.done && tx.actor.kind === 'person' ? tx.actor.id : null,
        }),
        revision: eb('revision', '+', 1),
      }))
      .where('id', '=', input.id)
      .execute()
  const moved = input.place !== undefined && (await movePoint(tx, ticket.id, input.id, input.place))
  if (!(words || demands || ticks || moved)) return
  const did = ticks ? (input.done ? 'tick' : 'untick') : words || demands ? 'edit' : 'move'
  await changeTicket(tx, ticket, { verb: 'checklist', set: {}, after: { did, item: input.id } })
}

/** Takes a point away; the record still knows its words. */
export async function removePoint(given: Tx, input: { ticketId: string; id: string }): Promise<void> {
  const { ticket, tx } = await lockOpen(given, input.ticketId)
  await findPoint(tx, ticket.id, input.id)
  await tx.db.updateTable('checklist_item').set({ removed_at: tx.now }).where('id', '=', input.id).execute()
  await changeTicket(tx, ticket, { verb: 'checklist', set: {}, after: { did: 'remove', item: input.id } })
}

async function lockOpen(given: Tx, id: string) {
  const locked = await lockTicket(given, id)
  if (locked.ticket.state === 'closed' || locked.ticket.state === 'cancelled')
    throw new DeskError('conflict', 'The ticket has ended. Reopen it before you change its checklist.')
  return locked
}

async function findPoint(tx: Tx, ticketId: string, id: string) {
  const row = await tx.db
    .selectFrom('checklist_item')
    .select(['text', 'required', 'done_at', 'revision'])
    .where('id', '=', id)
    .where('ticket_id', '=', ticketId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return found(row, 'point of the checklist')
}

/** The others close up where it was and make room where it goes. Answers whether any place changed. */
async function movePoint(tx: Tx, ticketId: string, id: string, place: number): Promise<boolean> {
  const { rows } = await sql`
    with others as (
      select id, row_number() over (order by position, id) - 1 as place from checklist_item
      where ticket_id = ${ticketId} and removed_at is null and id <> ${id}
    ), wanted as (
      select id, row_number() over (order by case when place >= ${place} then place + 1 else place end) as position
      from (select id, place from others union all select ${id}::uuid, ${place} - 0.5) o
    )
    update checklist_item i set position = w.position from wanted w
    where i.id = w.id and i.position <> w.position returning i.id`.execute(tx.db)
  return rows.length > 0
}

async function pointsOf(tx: Tx, templateId: string): Promise<ChecklistPoint[]> {
  const row = await tx.db
    .selectFrom('checklist_template')
    .select('points')
    .where('id', '=', templateId)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (!row)
    throw new DeskError('invalid', 'There is no such template.', {
      errors: [{ path: 'template_id', message: 'is not a template' }],
    })
  return row.points as unknown as ChecklistPoint[]
}
