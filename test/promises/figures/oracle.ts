import type { Figure, Figures, Question } from '@tocsin/analytics'
import { Temporal } from 'temporal-polyfill'
import type { Story, World } from './history.ts'

/** One counted minute of an integration. */
export interface Tally {
  integration: string
  at: number
  bucket: string
  count: number
}

/**
 * The figures, slowly and straight from their definitions: arrays, filters and sorts over the stories. It
 * shares nothing with the product but the shape of an answer.
 */
export function tell(
  name: string,
  question: Question,
  world: World,
  stories: Story[],
  tallies: Tally[],
): Figures {
  const kept = stories.filter((story) => !story.cancelled && !story.merged)
  switch (name) {
    case 'volume':
      return group(
        question,
        visible(question, stories),
        (story) => story.created,
        (items) => count(items.length),
      )
    case 'time_to_acknowledge': {
      const mine = visible(question, kept)
      const figures = group(
        question,
        mine,
        (story) => story.acknowledged,
        (items) => duration(items.map((story) => story.acknowledged! - story.created)),
      )
      const opened = mine.filter((story) => within(question, story.created))
      const told = opened.filter((story) => story.acknowledged !== null)
      const percent = opened.length ? (100 * told.length) / opened.length : null
      return { ...figures, whole: { ...figures.whole, acknowledged_percent: percent } }
    }
    case 'time_to_resolve':
      return group(
        question,
        visible(question, kept),
        (story) => story.resolved,
        (items) => duration(items.map((story) => story.resolved! - story.created)),
      )
    case 'sla_response':
    case 'sla_resolution':
      return sla(question, visible(question, kept), name === 'sla_response' ? 'response' : 'resolution')
    case 'reopen_rate':
      return group(
        question,
        visible(question, kept),
        (story) => story.resolved,
        (items) => {
          const reopened = items.filter((story) => story.reopened > 0)
          const reopenings = items.reduce((sum, story) => sum + story.reopened, 0)
          return {
            n: items.length,
            value: percentOf(reopened.length, items.length),
            reopened: reopened.length,
            reopenings,
          }
        },
      )
    case 'backlog':
      return backlog(question, visible(question, stories))
    case 'recurring':
      return recurring(question, visible(question, kept))
    case 'pages': {
      const sent = visible(question, stories).flatMap((story) =>
        story.pages.map((page) => ({ ...story, page })),
      )
      return group(
        question,
        sent,
        (item) => item.page.created,
        (items) => {
          const times = items.flatMap(({ page }) =>
            page.acknowledged === null ? [] : [page.acknowledged - page.created],
          )
          return {
            n: items.length,
            value: items.length,
            acknowledged: times.length,
            median_ms: quantile(times, 1, 2),
          }
        },
      )
    }
    case 'time_spent': {
      const entries = visible(question, stories).flatMap((story) =>
        story.spent.filter(({ removed }) => !removed).map((entry) => ({ ...story, entry, story })),
      )
      return group(
        question,
        entries,
        (item) => item.entry.at,
        (items) => ({
          n: items.length,
          value: items.reduce((sum, { entry }) => sum + entry.minutes * 60_000, 0),
          tickets: new Set(items.map(({ story }) => story)).size,
        }),
      )
    }
    case 'compression':
      return compression(question, world, tallies)
    default:
      throw new Error(`No oracle for ${name}`)
  }
}

const within = ({ from, to }: Question, at: number | null): boolean => at !== null && at >= +from && at < +to

interface Owned {
  team: string | null
  service: string | null
  priority?: string
  kind?: string
  channel?: string
  page?: unknown
}

function visible<T extends Owned>({ scope, filter }: Question, items: T[]): T[] {
  return items.filter(
    (item) =>
      (scope.all || (item.team !== null && scope.teams.includes(item.team))) &&
      Object.entries(filter).every(([name, value]) => item[name as 'team'] === value),
  )
}

function keyOf({ by, zone }: Question, at: number, item: Owned): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  const date = local.toPlainDate()
  switch (by) {
    case 'none':
      return ''
    case 'day':
      return date.toString()
    case 'week':
      return date.subtract({ days: date.dayOfWeek - 1 }).toString()
    case 'month':
      return date.with({ day: 1 }).toString()
    case 'hour':
      return String(local.hour).padStart(2, '0')
    case 'weekday':
      return String(local.dayOfWeek)
    case 'hour_of_week':
      return `${local.dayOfWeek}-${String(local.hour).padStart(2, '0')}`
    case 'source':
      return item.channel ?? ''
    case 'category':
      return ''
    default:
      return item[by as 'team'] ?? ''
  }
}

function group<T extends Owned>(
  question: Question,
  items: T[],
  at: (item: T) => number | null,
  figure: (items: T[]) => Figure,
): Figures {
  const counted = items.filter((item) => within(question, at(item)))
  const series: Record<string, T[]> = {}
  for (const item of counted) (series[keyOf(question, at(item)!, item)] ??= []).push(item)
  return {
    whole: figure(counted),
    series: Object.fromEntries(Object.entries(series).map(([key, some]) => [key, figure(some)])),
  }
}

const count = (n: number): Figure => ({ n, value: n })
const percentOf = (part: number, n: number): number | null => (n > 0 ? (100 * part) / n : null)

function duration(times: number[]): Figure {
  const total = times.reduce((sum, ms) => sum + ms, 0)
  const value = times.length ? total / times.length : null
  return { n: times.length, value, median: quantile(times, 1, 2), p90: quantile(times, 9, 10) }
}

/** Interpolated at rank (n - 1) × part / of, in whole numbers up to the last division. */
function quantile(times: number[], part: number, of: number): number | null {
  if (times.length === 0) return null
  const sorted = times.toSorted((a, b) => a - b)
  const rank = (times.length - 1) * part
  const low = sorted[Math.floor(rank / of)]!
  const high = sorted[Math.ceil(rank / of)]!
  return Math.round((low + ((high - low) * (rank % of)) / of) * 10) / 10
}

function sla(question: Question, stories: Story[], target: 'response' | 'resolution'): Figures {
  const decided = stories.filter((story) => ['met', 'breached'].includes(story[target]?.state ?? ''))
  const figures = group(
    question,
    decided,
    (story) => story[target]!.stopped,
    (items) => {
      const met = items.filter((story) => story[target]!.state === 'met').length
      return { n: items.length, value: percentOf(met, items.length), met, breached: items.length - met }
    },
  )
  const overdue = stories.filter(
    (story) => story[target] && story[target].stopped === null && within(question, story[target].breached),
  )
  return { ...figures, whole: { ...figures.whole, overdue: overdue.length } }
}

function backlog(question: Question, stories: Story[]): Figures {
  const openAt = (at: number) =>
    stories.filter((story) => {
      const ended = Math.max(story.created, story.resolved ?? story.closed ?? Infinity)
      return story.created < at && ended >= at
    })
  const figure = (open: Story[], at: number): Figure => {
    const older = (hours: number) => open.filter((story) => story.created + hours * 3_600_000 < at).length
    const [ten, thirty] = [older(240), older(720)]
    return {
      n: open.length,
      value: open.length,
      under_10_days: open.length - ten,
      from_10_to_30_days: ten - thirty,
      over_30_days: thirty,
    }
  }
  const { by, from, to, zone } = question
  const end = openAt(+to)
  const series: Record<string, Figure> = {}
  if (by === 'day' || by === 'week' || by === 'month') {
    const local = (at: Date) =>
      Temporal.Instant.fromEpochMilliseconds(+at).toZonedDateTimeISO(zone).toPlainDate()
    const keys = new Set<string>()
    const ends: Record<string, number> = {}
    for (let date = local(from); ; date = date.add({ days: 1 })) {
      const begins = date.toZonedDateTime(zone).epochMilliseconds
      if (begins >= +to) break
      const key = keyOf(question, Math.max(begins, +from), {} as Story)
      keys.add(key)
      ends[key] = Math.min(date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds, +to)
    }
    for (const key of keys) series[key] = figure(openAt(ends[key]!), ends[key]!)
  } else {
    const parts: Record<string, Story[]> = {}
    for (const story of end) (parts[keyOf(question, story.created, story)] ??= []).push(story)
    for (const [key, some] of Object.entries(parts)) series[key] = figure(some, +to)
  }
  return { whole: figure(end, +to), series }
}

function recurring(question: Question, stories: Story[]): Figures {
  const known = stories.filter(
    (story) => story.service && story.symptom && story.kind !== 'problem' && within(question, story.created),
  )
  const keys: Record<string, Story[]> = {}
  for (const story of known) (keys[`${story.service}|${story.symptom}`] ??= []).push(story)
  const again = Object.entries(keys).filter(([, some]) => some.length > 1)
  const timesOf = (some: Story[]) =>
    some.flatMap((story) => (story.resolved === null ? [] : [story.resolved - story.created]))
  const lost = (some: Story[]) => timesOf(some).reduce((sum, ms) => sum + ms, 0)
  const repeats = Object.values(keys).reduce((sum, some) => sum + some.length - 1, 0)
  return {
    whole: {
      n: known.length,
      value: again.reduce((sum, [, some]) => sum + lost(some), 0),
      recurring_keys: again.length,
      repeats,
      repeats_percent: percentOf(repeats, known.length),
    },
    series: Object.fromEntries(
      again.map(([key, some]) => [
        key,
        {
          n: some.length,
          value: lost(some),
          service: some[0]!.service,
          symptom: some[0]!.symptom,
          first_at: new Date(Math.min(...some.map((story) => story.created))).toISOString(),
          last_at: new Date(Math.max(...some.map((story) => story.created))).toISOString(),
        },
      ]),
    ),
  }
}

function compression(question: Question, world: World, tallies: Tally[]): Figures {
  const owned = tallies.map((tally) => {
    const { team, service } = world.integrations.find(({ id }) => id === tally.integration)!
    return { ...tally, team, service }
  })
  const filter = Object.fromEntries(
    Object.entries(question.filter).filter(([name]) => name === 'team' || name === 'service'),
  )
  return group(
    question,
    visible({ ...question, filter }, owned),
    (item) => item.at,
    (items) => {
      const sum = (...buckets: string[]) =>
        items.filter(({ bucket }) => buckets.includes(bucket)).reduce((all, item) => all + item.count, 0)
      const [events, alerts, tickets] = [
        sum('received'),
        sum('opened', 'joined', 'suppressed', 'held'),
        sum('opened'),
      ]
      return {
        n: events,
        value: events ? 100 * (1 - tickets / events) : null,
        events,
        alerts,
        tickets,
        alerts_of_events_percent: events ? 100 * (1 - alerts / events) : null,
        tickets_of_alerts_percent: alerts ? 100 * (1 - tickets / alerts) : null,
      }
    },
  )
}
