import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { checkHours } from './check.ts'
import { insertVersion, namesake, nameTaken } from './create.ts'
import type { Hours } from './hours.ts'

export interface CalendarEdit extends Partial<Hours> {
  id: string
  name?: string
  /** From when the new hours hold; now, unless given. Clocks already running keep the version they began with. */
  effectiveFrom?: Date
  /** The version that the editor saw; `stale` when another has come since. */
  seenVersion?: number
}

/** Renames a calendar, or adds a version to it: a version itself never changes. Answers the newest version. */
export async function editCalendar(tx: Tx, input: CalendarEdit): Promise<number> {
  const row = await tx.db
    .selectFrom('calendar')
    .select(['id', 'name'])
    .where('id', '=', input.id)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  const calendar = found(row, 'calendar')
  const latest = await tx.db
    .selectFrom('calendar_version')
    .select(['version', 'zone', 'weekly', 'holidays', 'always'])
    .where('calendar_id', '=', input.id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow()
  if (input.seenVersion !== undefined && input.seenVersion !== latest.version)
    throw new DeskError('stale', 'Somebody changed this calendar meanwhile.', { current: latest })
  if (input.effectiveFrom && input.effectiveFrom < tx.now)
    throw new DeskError('invalid', 'Hours cannot change in the past.', {
      errors: [{ path: 'effective_from', message: 'Now or later.' }],
    })
  if (input.name !== undefined && input.name !== calendar.name) await rename(tx, input.id, input.name)

  const given = { zone: input.zone, weekly: input.weekly, holidays: input.holidays, always: input.always }
  if (Object.values(given).every((value) => value === undefined)) return latest.version
  const before = latest as unknown as Hours
  const always = input.always ?? before.always
  const hours: Hours = {
    zone: input.zone ?? before.zone,
    weekly: input.weekly ?? (always ? [] : before.weekly),
    holidays: input.holidays ?? before.holidays,
    always,
  }
  checkHours(hours)
  const version = latest.version + 1
  await insertVersion(tx, input.id, version, { ...hours, effectiveFrom: input.effectiveFrom })
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'calendar', id: input.id },
      before: { version: latest.version },
      after: { version, effective_from: (input.effectiveFrom ?? tx.now).toISOString() },
      visibility: 'audit',
    },
  ])
  return version
}

async function rename(tx: Tx, id: string, name: string): Promise<void> {
  const other = await namesake(tx, name)
  if (other && other.id !== id) throw nameTaken(name, other)
  await tx.db.updateTable('calendar').set({ name }).where('id', '=', id).execute()
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'calendar', id },
      after: { fields: ['name'] },
      visibility: 'audit',
    },
  ])
}
