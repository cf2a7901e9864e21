import type { Locale } from '#lib/text/locale.ts'

/** A short time as it matters here: whole milliseconds below a second, then seconds with a decimal. */
export function latencyWords(ms: number, locale: Locale): string {
  const small = ms < 1000
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: small ? 'millisecond' : 'second',
    unitDisplay: 'short',
    maximumFractionDigits: small ? 0 : 1,
  }).format(small ? ms : ms / 1000)
}
