import type { Locale } from '#lib/text/locale.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const suffixes: Record<Locale, { day: string; hour: string; minute: string; second: string }> = {
  en: { day: 'd', hour: 'h', minute: 'min', second: 's' },
  fr: { day: 'j', hour: 'h', minute: 'min', second: 's' },
  it: { day: 'g', hour: 'h', minute: 'min', second: 's' },
}

/**
 * A length of time in words, at most two units, cut rather than rounded so that "2 h" never means 1 h 59.
 * Milliseconds in; negative lengths are shown without their sign.
 */
export function durationWords(ms: number, locale: Locale = 'en'): string {
  const unit = suffixes[locale]
  const length = Math.abs(ms)
  const whole = (size: number) => Math.floor(length / size)
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string) => {
    const rest = Math.floor((length % big) / small)
    return rest > 0 ? `${whole(big)} ${bigUnit} ${rest} ${smallUnit}` : `${whole(big)} ${bigUnit}`
  }
  if (length >= 10 * day) return `${whole(day)} ${unit.day}`
  if (length >= day) return pair(day, unit.day, hour, unit.hour)
  if (length >= hour) return pair(hour, unit.hour, minute, unit.minute)
  if (length >= minute) return `${whole(minute)} ${unit.minute}`
  return `${whole(second)} ${unit.second}`
}

/** Working time: its hours go on beyond 24, for where a calendar closes at night that is no day that people mean. */
export function workingWords(ms: number, locale: Locale = 'en'): string {
  const length = Math.abs(ms)
  if (length < day) return durationWords(length, locale)
  const unit = suffixes[locale]
  const minutes = Math.floor((length % hour) / minute)
  const hours = `${Math.floor(length / hour)} ${unit.hour}`
  return length < 10 * day && minutes > 0 ? `${hours} ${minutes} ${unit.minute}` : hours
}

const formats = new Map<string, Intl.RelativeTimeFormat>()

function formatOf(locale: Locale, style: 'long' | 'short' | 'narrow'): Intl.RelativeTimeFormat {
  const key = `${locale} ${style}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style })
  formats.set(key, made)
  return made
}

/** "5 min ago", "in 3 hr", "yesterday": the distance of an instant from now, both in epoch milliseconds. */
export function relativeWords(
  at: number,
  now: number,
  locale: Locale = 'en',
  style: 'short' | 'narrow' = 'short',
) {
  const distance = at - now
  const length = Math.abs(distance)
  // Narrow French is a bare minus ("-39 min"), which reads as an amount.
  const format = formatOf(locale, locale === 'fr' ? 'short' : style)
  if (length < 45 * second) return format.format(0, 'second')
  if (length < hour) return format.format(away(distance, minute), 'minute')
  if (length < day) return format.format(away(distance, hour), 'hour')
  if (length < 30 * day) return format.format(away(distance, day), 'day')
  if (length < 365 * day) return format.format(away(distance, 30 * day), 'month')
  return format.format(away(distance, 365 * day), 'year')
}

/** At least one unit away, so that 50 seconds is a minute and never "this minute". */
function away(distance: number, unit: number): number {
  const whole = Math.trunc(distance / unit)
  return whole === 0 ? Math.sign(distance) : whole
}
