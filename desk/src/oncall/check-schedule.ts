import { Temporal } from 'temporal-polyfill'
import { DeskError, type FieldError, type Tx } from '../activity/index.ts'
import type { Rotation } from './schedule.ts'

const MOST_ROTATIONS = 10
const MOST_PEOPLE = 50
const LONGEST = { day: 366, week: 52 }

/** Throws `invalid`, naming each field that is wrong: an unknown zone, date, time or person, an empty rotation. */
export async function checkSchedule(tx: Tx, zone: string, rotations: Rotation[]): Promise<void> {
  checkRota(zone, rotations)
  const people = [...new Set(rotations.flatMap((rotation) => rotation.people))]
  const known = await tx.db
    .selectFrom('person')
    .select('id')
    .where('id', 'in', people)
    .where('archived_at', 'is', null)
    .execute()
  const here = new Set(known.map(({ id }) => id))
  refuse(
    rotations.flatMap((rotation, index) =>
      rotation.people.every((id) => here.has(id))
        ? []
        : [{ path: `rotations.${index}.people`, message: 'names somebody who is not here' }],
    ),
  )
}

/** The same without looking at who the people are. */
export function checkRota(zone: string, rotations: Rotation[]): void {
  const errors: FieldError[] = []
  const demand = (holds: boolean, path: string, message: string) => {
    if (!holds) errors.push({ path, message })
  }
  demand(isZone(zone), 'zone', 'is not an IANA time zone, such as Europe/Rome')
  demand(rotations.length > 0, 'rotations', 'needs at least one rotation')
  demand(rotations.length <= MOST_ROTATIONS, 'rotations', `holds ${MOST_ROTATIONS} at most`)
  for (const [index, { every, length, starts_on, handoff, people }] of rotations.entries()) {
    const at = `rotations.${index}`
    const longest = LONGEST[every]
    demand(
      Number.isInteger(length) && length >= 1 && length <= longest,
      `${at}.length`,
      `is 1 to ${longest} ${every}s`,
    )
    demand(isDate(starts_on), `${at}.starts_on`, 'is not a date, such as 2026-01-05')
    demand(/^([01]\d|2[0-3]):[0-5]\d$/.test(handoff), `${at}.handoff`, 'is not a time, such as 09:00')
    demand(people.length > 0, `${at}.people`, 'needs at least one person')
    demand(people.length <= MOST_PEOPLE, `${at}.people`, `holds ${MOST_PEOPLE} at most`)
  }
  refuse(errors)
}

function refuse(errors: FieldError[]): void {
  if (errors.length > 0) throw new DeskError('invalid', 'The schedule cannot work like this.', { errors })
}

function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return !/^[+-]/.test(zone)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function isDate(date: string): boolean {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(date)) return false
  try {
    Temporal.PlainDate.from(date, { overflow: 'reject' })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
