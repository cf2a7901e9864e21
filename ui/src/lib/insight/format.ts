import { dateLocale, type Locale } from '#lib/text/locale.ts'
import { durationWords } from '#lib/time/duration.ts'
import type { Unit } from './types.ts'

/** A figure as its reader would write it; a dash where there is nothing to say. */
export function figureWords(value: number | null, unit: Unit, locale: Locale): string {
  if (value === null) return '–'
  if (unit === 'ms') return durationWords(Math.round(value), locale)
  if (unit === 'percent') return percentWords(value, locale)
  return new Intl.NumberFormat(locale).format(value)
}

/** Work is counted in hours, however many: a day of it is no 24 of them. */
export function hoursWords(ms: number, locale: Locale): string {
  const minutes = Math.round(ms / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const told = (unit: 'hour' | 'minute', amount: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(amount)
  if (hours === 0) return told('minute', rest)
  return rest === 0 || hours >= 100
    ? told('hour', Math.round(minutes / 60))
    : `${told('hour', hours)} ${told('minute', rest)}`
}

/** 97.25 as "97.3%". */
export const percentWords = (value: number, locale: Locale): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value / 100)

/** The day, week or month that a point of a time series begins, as its axis shows it. */
export function stepWords(at: string, by: string, zone: string, locale: Locale): string {
  const options: Intl.DateTimeFormatOptions =
    by === 'month' ? { month: 'short', year: '2-digit' } : { day: 'numeric', month: 'short' }
  return new Intl.DateTimeFormat(dateLocale(locale), { ...options, timeZone: zone }).format(new Date(at))
}

/** Monday is 1. */
export const weekdayWords = (day: string, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(
    Date.UTC(2026, 0, 4 + Number(day)),
  )
