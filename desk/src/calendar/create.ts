import { DeskError, record, type Tx } from '../activity/index.ts'
import { checkHours } from './check.ts'
import type { Hours } from './hours.ts'

export interface CalendarInput extends Hours {
  name: string
}

/** Makes a calendar with its first version, in force at once. `conflict` when the name is taken. */
export async function createCalendar(tx: Tx, input: CalendarInput): Promise<string> {
  checkHours(input)
  const row = await tx.db
    .insertInto('calendar')
    .values({ name: input.name, created_at: tx.now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw nameTaken(input.name, await namesake(tx, input.name))
  await insertVersion(tx, row.id, 1, input)
  await record(tx, [
    {
      verb: 'create',
      subject: { kind: 'calendar', id: row.id },
      after: { version: 1 },
      visibility: 'audit',
    },
  ])
  return row.id
}

export const namesake = (tx: Tx, name: string) =>
  tx.db.selectFrom('calendar').select(['id', 'archived_at']).where('name', '=', name).executeTakeFirst()

/** An archived one keeps its name, for what was counted by it is still told by it. */
export const nameTaken = (name: string, by?: { archived_at: Date | null }): DeskError =>
  new DeskError(
    'conflict',
    by?.archived_at
      ? `An archived calendar keeps the name “${name}”. Choose another.`
      : `A calendar named “${name}” exists already.`,
  )

export async function insertVersion(
  tx: Tx,
  calendarId: string,
  version: number,
  hours: Hours & { effectiveFrom?: Date },
): Promise<void> {
  await tx.db
    .insertInto('calendar_version')
    .values({
      calendar_id: calendarId,
      version,
      effective_from: hours.effectiveFrom ?? tx.now,
      zone: hours.zone,
      weekly: JSON.stringify(hours.always ? [] : hours.weekly),
      holidays: JSON.stringify(hours.holidays),
      always: hours.always,
      author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
      created_at: tx.now,
    })
    .execute()
}
