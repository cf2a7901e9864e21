/** One entry is a day's work at the very most: what is longer was forgotten running. */
export const MOST_MINUTES = 24 * 60

/** What a clock measured, in whole minutes begun: never none, never more than an entry may hold. */
export const minutesOf = (startedAt: Date, now: Date): number =>
  Math.min(MOST_MINUTES, Math.max(1, Math.ceil((now.getTime() - startedAt.getTime()) / 60_000)))
