import { z } from 'zod'
import {
  type Booking,
  CATEGORIES,
  CYCLES,
  DIMENSIONS,
  type Figure,
  FILTERS,
  type Kpi,
  type Question,
} from './kpi/index.ts'
import { isTime, isZone, type Period, periodBefore, readInstant, type Slice, slicesOf } from './kpi/period.ts'
import type { Store } from './store/store.ts'

const DAY_MS = 86_400_000

/** What the api asks for its reader. The scope is the reader's; everything else is theirs to choose. */
export const Asked = z.strictObject({
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  by: z.enum(DIMENSIONS).optional(),
  tz: z.string().max(60).refine(isZone, 'is not a time zone').default('UTC'),
  team: z.uuid().optional(),
  service: z.uuid().optional(),
  priority: z.string().max(10).optional(),
  kind: z.string().max(20).optional(),
  channel: z.string().max(20).optional(),
  compare: z.enum(['previous']).optional(),
  scope: z.strictObject({ all: z.boolean(), teams: z.array(z.uuid()).max(1_000) }),
})
export type Asked = z.output<typeof Asked>

/** A point of a chart. `filter` is the query of the ticket list that shows what is behind it, where there is one. */
export type Point = Figure & { key: string; at: string | null; filter: Record<string, string> | null }

/**
 * The figure for this period, whole and point by point, in order and without gaps. Throws RangeError with words
 * for the reader when the question makes no sense. `asOf`: later than that nothing is known, so nothing is told.
 */
export async function answer(store: Store, kpi: Kpi, asked: Asked, asOf: Date) {
  const period = readPeriod(asked, asOf)
  const by = asked.by ?? kpi.dimensions[0]!
  if (!kpi.dimensions.includes(by))
    throw new RangeError(`${kpi.title} is told by ${[...new Set(kpi.dimensions)].join(', ')}, not by ${by}.`)
  const given = FILTERS.flatMap((name) => (asked[name] === undefined ? [] : [[name, asked[name]] as const]))
  const question: Question = {
    from: period.from,
    to: period.to < asOf ? period.to : asOf,
    by,
    zone: asked.tz,
    filter: Object.fromEntries(given.filter(([name]) => kpi.filters.includes(name))),
    scope: asked.scope,
  }
  if (question.to < question.from) question.to = question.from
  const slices = isTime(by) ? slicesOf(question, by, asked.tz) : undefined
  const figures = await kpi.fromStore(store, question)
  const empty: Figure = { n: 0, value: kpi.unit === 'tickets' || kpi.unit === 'pages' ? 0 : null }
  const keys = slices?.map((slice) => slice.key) ?? keysOf(by, figures.series)
  const series = keys.map((key, index): Point => {
    const slice = slices?.[index]
    return {
      key,
      at: slice ? slice.from.toISOString() : null,
      ...(figures.series[key] ?? empty),
      filter: ticketsBehind(kpi.booking, question, by, key, slice),
    } as Point
  })
  return {
    name: kpi.name,
    unit: kpi.unit,
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    by,
    tz: asked.tz,
    ...figures.whole,
    /** Filters that this figure has no column for. */
    ignored: given.map(([name]) => name).filter((name) => !kpi.filters.includes(name)),
    previous: asked.compare ? await before(store, kpi, question, period) : null,
    series,
  }
}

async function before(store: Store, kpi: Kpi, question: Question, asked: Period) {
  const earlier = periodBefore(asked, question.to, question.zone)
  const { whole } = await kpi.fromStore(store, {
    ...question,
    ...earlier,
    by: kpi.dimensions.includes('none') ? 'none' : question.by,
  })
  return { from: earlier.from.toISOString(), to: earlier.to.toISOString(), ...whole }
}

function readPeriod(asked: Asked, asOf: Date): Period {
  const read = (text: string, name: string) => {
    try {
      return readInstant(text, asked.tz)
    } catch {
      throw new RangeError(
        `“${name}” is neither a date such as 2026-11-22 nor an instant such as 2026-11-22T09:00:00Z.`,
      )
    }
  }
  const to = asked.to === undefined ? asOf : read(asked.to, 'to')
  const from = asked.from === undefined ? new Date(to.getTime() - 30 * DAY_MS) : read(asked.from, 'from')
  if (from > to) throw new RangeError('The period ends before it begins.')
  return { from, to }
}

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7']
const HOURS_OF_WEEK = WEEKDAYS.flatMap((day) => HOURS.map((hour) => `${day}-${hour}`))

/** Cycles in full and in order; categories by their value, the greatest first. */
function keysOf(by: Question['by'], series: Record<string, Figure>): string[] {
  if (by === 'hour') return HOURS
  if (by === 'weekday') return WEEKDAYS
  if (by === 'hour_of_week') return HOURS_OF_WEEK
  if (by === 'none') return []
  if (by === 'priority') return Object.keys(series).toSorted()
  return Object.entries(series)
    .toSorted(([a, one], [b, other]) => (other.value ?? 0) - (one.value ?? 0) || (a < b ? -1 : 1))
    .map(([key]) => key)
}

const BOOKED: Partial<Record<Booking, [string, string]>> = {
  created: ['created_from', 'created_to'],
  acknowledged: ['acknowledged_from', 'acknowledged_to'],
  resolved: ['resolved_from', 'resolved_to'],
  responded: ['responded_from', 'responded_to'],
}

function ticketsBehind(
  booking: Booking,
  question: Question,
  by: Question['by'],
  key: string,
  slice: Slice | undefined,
): Record<string, string> | null {
  if (booking === 'none' || CYCLES.includes(by as never) || key === '') return null
  const period = slice ?? question
  const filter: Record<string, string> = { ...question.filter }
  const booked = BOOKED[booking]
  if (booked) {
    filter[booked[0]] = period.from.toISOString()
    filter[booked[1]] = period.to.toISOString()
  } else filter.open_at = period.to.toISOString()
  if (by === 'symptom') {
    const [service, ...symptom] = key.split('|')
    return { ...filter, service: service!, symptom: symptom.join('|') }
  }
  if (CATEGORIES.includes(by as never)) filter[by] = key
  return filter
}
