import type { Locale } from '#lib/text/locale.ts'

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** A length in its two largest units: "2 hr 5 min". `ms` is whole milliseconds. */
export function durationWords(ms: number, locale: Locale): string {
  const at = units.findIndex(([, size]) => Math.abs(ms) >= size)
  if (at === -1) return unitFormat('second', locale).format(0)
  let rest = Math.abs(ms)
  const words = units.slice(at, at + 2).flatMap(([unit, size]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count > 0 ? [unitFormat(unit, locale).format(count)] : []
  })
  return words.join(' ')
}

const unitFormat = (unit: string, locale: Locale) =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' })
