import { Temporal } from 'temporal-polyfill'

const MINUTE = 60_000
/** Whoever was woken falls asleep again so long after the page is over. */
const ASLEEP_AGAIN = 30 * MINUTE
/** A page that nobody answers keeps nobody awake for longer. */
const LONGEST = 60 * MINUTE
const FROM_HOUR = 22
const TO_HOUR = 8

/** Of the time between two instants, what lies between 22 and 8 o'clock in the zone, in milliseconds. */
export function nightWithin(from: number, to: number, zone: string): number {
  let night = 0
  for (let at = from; at < to;) {
    const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
    const isNight = wall.hour >= FROM_HOUR || wall.hour < TO_HOUR
    const today = wall.toPlainDate()
    const next = isNight
      ? (wall.hour < TO_HOUR ? today : today.add({ days: 1 })).toZonedDateTime({
          timeZone: zone,
          plainTime: `0${TO_HOUR}:00`,
        })
      : today.toZonedDateTime({ timeZone: zone, plainTime: `${FROM_HOUR}:00` })
    const until = Math.min(to, Math.max(next.epochMilliseconds, at + 1))
    if (isNight) night += until - at
    at = until
  }
  return night
}

export const minutesOf = (ms: number): number => Math.round(ms / MINUTE)

/** One person's lost sleep: from each page until it ends and sleep returns; what overlaps counts once. */
export class Sleep {
  readonly #zone: () => string
  #awakeUntil = -Infinity
  #lost = 0
  pages = 0
  nightPages = 0

  constructor(zone: () => string) {
    this.#zone = zone
  }

  /** A page with its end, in the order of their beginnings. Answers the milliseconds lost to it. */
  wake(at: number, endsAt: number | null): number {
    this.pages += 1
    if (nightWithin(at, at + 1, this.#zone()) === 0) return 0
    this.nightPages += 1
    const until = Math.min(endsAt ?? Infinity, at + LONGEST) + ASLEEP_AGAIN
    const from = Math.max(at, this.#awakeUntil)
    if (until <= from) return 0
    const lost = nightWithin(from, until, this.#zone())
    this.#lost += lost
    this.#awakeUntil = until
    return lost
  }

  get minutes(): number {
    return minutesOf(this.#lost)
  }
}
