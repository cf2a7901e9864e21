import { dateLocale, type Locale } from '#lib/text/locale.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

function cached(locale: Locale, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(dateLocale(locale), { ...options, timeZone: zone })
  formats.set(key, made)
  return made
}

/** The exact instant in the reader's zone, with the zone's name: "22 Nov 2026, 14:02:11 CET". */
export const exactWords = (at: string | number, locale: Locale, zone: string): string =>
  cached(locale, zone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(at))

/** Day and minute: "22 Nov, 14:02". */
export const dayAndTime = (at: string | number, locale: Locale, zone: string): string =>
  cached(locale, zone, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(
    new Date(at),
  )

/** Day and second: "22 Nov, 14:02:11". */
export const dayAndSecond = (at: string | number, locale: Locale, zone: string): string =>
  cached(locale, zone, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(at))

/** A length to the second, in hours that go on beyond a day: "26:07:05". */
export function exactLength(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** An instant some way off: "22 Nov, 14:02" within the year, else "22 Nov 2024"; narrow leaves out the minute. */
export function dateWords(
  at: number,
  now: number,
  locale: Locale,
  zone: string,
  style: 'short' | 'narrow',
): string {
  const year = (instant: number) => cached(locale, zone, { year: 'numeric' }).format(instant)
  const day = { day: 'numeric', month: 'short' } as const
  if (year(at) !== year(now)) return cached(locale, zone, { ...day, year: 'numeric' }).format(at)
  return style === 'narrow' ? cached(locale, zone, day).format(at) : dayAndTime(at, locale, zone)
}

/** The minute alone: "14:02". */
export const timeOfDay = (at: string | number, locale: Locale, zone: string): string =>
  cached(locale, zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(at))

/** The day alone: "Sunday, 22 November". */
export const dayWords = (at: string | number, locale: Locale, zone: string): string =>
  cached(locale, zone, { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(at))

/** Day and minute with the weekday, which says more of working hours than the year: "Mon 23 Nov, 14:02". */
export const weekdayAndTime = (at: string | number, locale: Locale, zone: string): string =>
  cached(locale, zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at))

/** A day of the calendar, the same in every zone: "22 Nov 2026" of `2026-11-22`. */
export const calendarDay = (day: string, locale: Locale): string =>
  cached(locale, 'UTC', { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(day))
