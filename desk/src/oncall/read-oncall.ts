import type { Db } from '@tocsin/db'
import { readNow } from '../activity/index.ts'
import { loadRotas, type Rota } from './rota.ts'
import type { OnCall, Shift } from './schedule.ts'
import { shiftsOf, whoIsOn } from './who.ts'

const AHEAD_MS = 21 * 86_400_000

export interface OnCallNow {
  rota: Pick<Rota, 'id' | 'name' | 'teamId'>
  /** Who is on and until when; undefined where the schedule leaves nobody. */
  now?: Shift
  /** The next shift by somebody else, where one begins within three weeks. */
  next?: Shift
}

/** Who is on call now, for every schedule. */
export async function readOnCallNow(db: Db): Promise<OnCallNow[]> {
  const from = await readNow(db)
  const to = new Date(from.getTime() + AHEAD_MS)
  const rotas = await loadRotas(db, { from, to })
  return rotas.map(({ id, name, teamId, versions, overrides }) => {
    const shifts = byPerson(shiftsOf(versions, overrides, from, to))
    const now = shifts.find((shift) => shift.from.getTime() === from.getTime())
    const next = shifts.find((shift) => shift.from > from)
    return { rota: { id, name, teamId }, ...(now && { now }), ...(next && { next }) }
  })
}

/** Who each of these schedules puts on call at the instant, in one statement. */
export async function whoIsOnFor(
  db: Parameters<typeof loadRotas>[0],
  scheduleIds: string[],
  at: Date,
): Promise<Map<string, OnCall>> {
  if (scheduleIds.length === 0) return new Map()
  const rotas = await loadRotas(db, { from: at, to: at }, scheduleIds)
  return new Map(
    rotas.flatMap(({ id, versions, overrides }) => {
      const on = whoIsOn(versions, overrides, at)
      return on ? [[id, on] as const] : []
    }),
  )
}

/** The final shifts of one schedule between two instants. Undefined for a schedule that does not exist. */
export async function readShifts(
  db: Db,
  scheduleId: string,
  from: Date,
  to: Date,
): Promise<Shift[] | undefined> {
  const [rota] = await loadRotas(db, { from, to }, [scheduleId])
  return rota && shiftsOf(rota.versions, rota.overrides, from, to)
}

export interface MyShift extends Shift {
  schedule: { id: string; name: string }
  running: boolean
}

/** A person's shifts, running and to come within three weeks, over every schedule, soonest first. */
export async function readMyShifts(db: Db, personId: string): Promise<MyShift[]> {
  const from = await readNow(db)
  const to = new Date(from.getTime() + AHEAD_MS)
  const rotas = await loadRotas(db, { from, to })
  return rotas
    .flatMap(({ id, name, versions, overrides }) =>
      byPerson(shiftsOf(versions, overrides, from, to))
        .filter((shift) => shift.personId === personId)
        .map((shift) => ({ ...shift, schedule: { id, name }, running: shift.from <= from })),
    )
    .toSorted((a, b) => a.from.getTime() - b.from.getTime())
}

/** Joins turns that follow on each other and belong to the same person: what they would call one shift. */
function byPerson(shifts: Shift[]): Shift[] {
  const joined: Shift[] = []
  for (const shift of shifts) {
    const last = joined.at(-1)
    if (last?.personId === shift.personId && last.to.getTime() === shift.from.getTime()) last.to = shift.to
    else joined.push({ ...shift })
  }
  return joined
}
