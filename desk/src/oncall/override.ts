import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { mayInTeam, type Reader } from '../auth/index.ts'
import { loadRotas } from './rota.ts'
import { shiftsOf } from './who.ts'

export interface OverrideInput {
  scheduleId: string
  personId: string
  startsAt: Date
  endsAt: Date
  reason?: string | null
}

const LONGEST_DAYS = 92

/**
 * Puts somebody on call over the rotations, from `startsAt` (not before now: the past stays as it was) until
 * `endsAt`. `invalid` when it would be over already or is too long.
 */
export async function overrideShift(tx: Tx, input: OverrideInput): Promise<{ id: string; startsAt: Date }> {
  const startsAt = input.startsAt > tx.now ? input.startsAt : tx.now
  if (input.endsAt <= startsAt) throw wrong('ends_at', 'is not after its beginning')
  if (input.endsAt.getTime() - startsAt.getTime() > LONGEST_DAYS * 86_400_000)
    throw wrong('ends_at', `is more than ${LONGEST_DAYS} days away; change the rotation instead`)
  const person = await tx.db
    .selectFrom('person')
    .select('id')
    .where('id', '=', input.personId)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (!person) throw wrong('person_id', 'is nobody who is here')
  const { id } = await tx.db
    .insertInto('schedule_override')
    .values({
      schedule_id: input.scheduleId,
      person_id: input.personId,
      starts_at: startsAt,
      ends_at: input.endsAt,
      reason: input.reason ?? null,
      author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await record(tx, [
    {
      verb: 'override',
      subject: { kind: 'schedule', id: input.scheduleId },
      after: { override: id, person: input.personId, from: startsAt, to: input.endsAt },
      visibility: 'audit',
    },
  ])
  return { id, startsAt }
}

const wrong = (path: string, message: string) =>
  new DeskError('invalid', 'The override cannot work like this.', { errors: [{ path, message }] })

/** Ends an override now; what it covered so far stays covered by it. */
export async function cancelOverride(tx: Tx, scheduleId: string, id: string): Promise<void> {
  const row = await tx.db
    .updateTable('schedule_override')
    .set({ cancelled_at: tx.now })
    .where('id', '=', id)
    .where('schedule_id', '=', scheduleId)
    .where('cancelled_at', 'is', null)
    .where('ends_at', '>', tx.now)
    .returning('person_id')
    .executeTakeFirst()
  const override = found(row, 'override that is still to come or running')
  await record(tx, [
    {
      verb: 'cancel-override',
      subject: { kind: 'schedule', id: scheduleId },
      before: { override: id, person: override.person_id },
      visibility: 'audit',
    },
  ])
}

/**
 * Throws unless the reader may put this person on for the span: managers of the team and administrators
 * always; somebody on call takes over a colleague's shift in their team, or hands on one that is all theirs.
 */
export async function demandOverride(
  tx: Tx,
  reader: Reader,
  input: Omit<OverrideInput, 'reason'>,
): Promise<void> {
  const [rota] = await loadRotas(tx.db, { from: input.startsAt, to: input.endsAt }, [input.scheduleId])
  const { teamId, versions, overrides } = found(rota, 'schedule')
  if (mayInTeam(reader, 'schedule.edit', teamId)) return
  const me = reader.person.id
  if (input.personId === me && mayInTeam(reader, 'schedule.override', teamId)) return
  const shifts = shiftsOf(versions, overrides, input.startsAt, input.endsAt)
  if (shifts.length > 0 && shifts.every((shift) => shift.personId === me)) return
  throw new DeskError(
    'forbidden',
    'You can hand on your own shifts, and take over those of your team. Ask a manager of the team for the rest.',
  )
}
