import type { Db, Tables } from '@tocsin/db'
import type { Transaction } from 'kysely'
import { calendarsInForce, spansBetween } from '../calendar/index.ts'
import { loadRotas, shiftsOf } from '../oncall/index.ts'
import type { Candidate, Stretch } from './choose.ts'

const DAY = 86_400_000
/** How far one looks for the day before and the day after: longer than any works holiday but not for ever. */
const REACH = 15 * DAY
/** A shorter gap in somebody's hours is a break, and hands nothing back. */
const BREAK = 4 * 3_600_000

type Times = Pick<Candidate, 'shift' | 'shiftEnded'>
export interface Hours {
  works_by: 'always' | 'calendar' | 'schedule'
  calendar_id: string | null
  schedule_id: string | null
}

/** Where somebody stands in their working times, which come in order and do not overlap. */
export function timesOf(spans: readonly Stretch[], now: Date): Times {
  const shift = spans.find(({ to }) => to > now) ?? null
  const last = spans.findLast(({ to }) => to <= now)
  const endsDay = last && (!shift || +shift.from - +last.to >= BREAK)
  return { shift, shiftEnded: endsDay ? last.to : null }
}

/**
 * When people work, by what their team goes by: a calendar (their own, else the team's), or who its schedule puts
 * on call. Somebody without any hours works always.
 */
export async function readTimes(
  db: Db | Transaction<Tables>,
  hours: Hours,
  people: { id: string; calendar_id: string | null }[],
  now: Date,
): Promise<(person: string) => Times> {
  const from = new Date(+now - REACH)
  const to = new Date(+now + REACH)
  const always: Times = { shift: { from, to }, shiftEnded: null }
  if (hours.works_by === 'schedule' && hours.schedule_id) {
    const [rota] = await loadRotas(db, { from, to }, [hours.schedule_id])
    const shifts = rota ? shiftsOf(rota.versions, rota.overrides, from, to) : []
    return (person) => timesOf(joined(shifts.filter(({ personId }) => personId === person)), now)
  }
  if (hours.works_by !== 'calendar') return () => always
  const calendarOf = new Map(people.map(({ id, calendar_id }) => [id, calendar_id ?? hours.calendar_id]))
  const wanted = [...new Set([...calendarOf.values()].filter((id) => id !== null))]
  const calendars = await calendarsInForce(db, now, wanted)
  const times = new Map(
    [...calendars].map(([id, calendar]) => {
      const spans = [...spansBetween(calendar, +from, +to)]
      return [
        id,
        timesOf(
          spans.map((span) => ({ from: new Date(span.from), to: new Date(span.to) })),
          now,
        ),
      ]
    }),
  )
  return (person) => times.get(calendarOf.get(person) ?? '') ?? always
}

/** Stretches in the order of their beginnings; those that overlap or follow on each other are one. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = []
  for (const { from, to } of stretches) {
    const last = all.at(-1)
    if (!last || last.to < from) all.push({ from, to })
    else if (last.to < to) last.to = to
  }
  return all
}
