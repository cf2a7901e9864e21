import { DeskError, found, type Tx } from '../activity/index.ts'
import { changeTicket, lockTicket } from '../ticket/index.ts'
import { MOST_MINUTES } from './minutes.ts'

/** What is older is a slip, and would stand in figures of years that nobody looks at. */
const LONGEST_AGO_MS = 10 * 366 * 24 * 3_600_000

export interface TimeInput {
  ticketId: string
  personId: string
  minutes: number
  what?: string
  /** When the work ended; absent: now. */
  at?: Date
}

/** Keeps what somebody spent on a ticket, in whatever state that is: work is often written down after its end. */
export async function bookTime(given: Tx, input: TimeInput): Promise<string> {
  const { ticket, tx } = await lockTicket(given, input.ticketId)
  demandPossible(tx, input)
  const { id } = await tx.db
    .insertInto('work_entry')
    .values({
      ticket_id: ticket.id,
      person_id: input.personId,
      minutes: input.minutes,
      what: input.what ?? '',
      at: input.at ?? tx.now,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await changeTicket(tx, ticket, {
    verb: 'book-time',
    set: {},
    after: { entry: id, minutes: input.minutes, person: input.personId },
  })
  return id
}

export interface TimeEdit {
  ticketId: string
  id: string
  personId: string
  minutes?: number
  what?: string
  at?: Date
  /** The revision of the entry that was seen; absent: no check. */
  seenRevision?: number
}

/** Whoever spent the time corrects it, nobody else. */
export async function correctTime(given: Tx, input: TimeEdit): Promise<void> {
  const { ticket, tx } = await lockTicket(given, input.ticketId)
  const before = await findOwn(tx, input)
  if (input.seenRevision !== undefined && input.seenRevision !== before.revision)
    throw new DeskError('stale', 'You changed this entry meanwhile, elsewhere.', { current: before })
  demandPossible(tx, input)
  await tx.db
    .updateTable('work_entry')
    .set((eb) => ({
      ...(input.minutes !== undefined && { minutes: input.minutes }),
      ...(input.what !== undefined && { what: input.what }),
      ...(input.at && { at: input.at }),
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', input.id)
    .execute()
  await changeTicket(tx, ticket, {
    verb: 'correct-time',
    set: {},
    before: { minutes: before.minutes },
    after: { entry: input.id, minutes: input.minutes ?? before.minutes },
  })
}

/** Takes an entry of one's own away. */
export async function unbookTime(
  given: Tx,
  input: { ticketId: string; id: string; personId: string },
): Promise<void> {
  const { ticket, tx } = await lockTicket(given, input.ticketId)
  const before = await findOwn(tx, input)
  await tx.db.updateTable('work_entry').set({ removed_at: tx.now }).where('id', '=', input.id).execute()
  await changeTicket(tx, ticket, {
    verb: 'unbook-time',
    set: {},
    after: { entry: input.id, minutes: before.minutes },
  })
}

async function findOwn(
  tx: Tx,
  { ticketId, id, personId }: { ticketId: string; id: string; personId: string },
) {
  const row = await tx.db
    .selectFrom('work_entry')
    .select(['person_id', 'minutes', 'revision'])
    .where('id', '=', id)
    .where('ticket_id', '=', ticketId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  const entry = found(row, 'entry of time spent')
  if (entry.person_id !== personId) throw new DeskError('forbidden', 'Time is corrected by whoever spent it.')
  return entry
}

function demandPossible(tx: Tx, { minutes, at }: { minutes?: number; at?: Date }): void {
  const errors = [
    ...(minutes !== undefined && (minutes < 1 || minutes > MOST_MINUTES)
      ? [{ path: 'minutes', message: `1 to ${MOST_MINUTES} minutes` }]
      : []),
    ...(at && at > tx.now ? [{ path: 'at', message: 'has not come yet' }] : []),
    ...(at && tx.now.getTime() - at.getTime() > LONGEST_AGO_MS
      ? [{ path: 'at', message: 'is more than ten years ago' }]
      : []),
  ]
  if (errors.length > 0) throw new DeskError('invalid', 'Time cannot be spent like this.', { errors })
}
