import type { Locale } from '#lib/text/locale.ts'

const day = 86_400_000
const hour = 3_600_000
const minute = 60_000
const second = 1000
/** What people write for a unit, in each language of the pages. */
const WORDS: [size: number, words: RegExp][] = [
  [7 * day, /^(?:w|wk|weeks?|sem|semaines?|settiman[ae])$/],
  [day, /^(?:d|days?|j|jours?|gg?|giorn[oi])$/],
  [hour, /^(?:h|hrs?|hours?|heures?|or[ae])$/],
  [minute, /^(?:m|mins?|minutes?|minut[oi])$/],
  [second, /^(?:s|secs?|seconds?|secondes?|second[oi])$/],
]
const PART = /\s*(\d{1,9}(?:[.,]\d{1,6})?)\s*([a-z]*)\.?,?/y
const CLOCK = /^(\d{1,6}):([0-5]\d)$/

/**
 * Milliseconds of “10m”, “4h”, “1d 2h”, “1h30” or “1:30”; null for what is no length of time. A number alone counts
 * so many `alone`; without that it is none.
 */
export function readDuration(text: string, alone?: number): number | null {
  const typed = text.trim().toLowerCase()
  const [, hours, minutes] = CLOCK.exec(typed) ?? []
  if (hours) return Number(hours) * hour + Number(minutes) * minute
  let total = 0
  let before = Infinity
  PART.lastIndex = 0
  while (PART.lastIndex < typed.length) {
    const [, number, word] = PART.exec(typed) ?? []
    if (number === undefined) return null
    // The minutes of “1h30” go without saying.
    const unsaid = before === hour ? minute : before === Infinity ? alone : undefined
    const size = word ? sizeOf(word) : unsaid
    if (size === undefined || size >= before) return null
    total += Number(number.replace(',', '.')) * size
    before = size
  }
  return before === Infinity ? null : Math.round(total)
}

const sizeOf = (word: string) => WORDS.find(([, words]) => words.test(word))?.[0]

const DAY: Record<Locale, string> = { en: 'd', fr: 'j', it: 'g' }

/**
 * The same, to the millisecond, as it would be typed. Without `days` hours go on beyond 24: where a calendar closes at
 * night, a day of its time is no day that people mean.
 */
export function writtenDuration(ms: number, locale: Locale, days: boolean): string {
  const units: [size: number, letter: string][] = [
    ...(days ? [[day, DAY[locale]] satisfies [number, string]] : []),
    [hour, 'h'],
    [minute, 'm'],
  ]
  let rest = ms
  const parts = units.flatMap(([size, letter]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count > 0 ? [`${count}${letter}`] : []
  })
  if (rest > 0) parts.push(`${rest / second}s`)
  return parts.join(' ') || '0m'
}
