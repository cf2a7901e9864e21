const units = ['B', 'kB', 'MB', 'GB'] as const

/** "2.3 kB": a size as people read it, in powers of a thousand. */
export function bytesWords(bytes: number, locale = 'en'): string {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  const digits = value < 10 && power > 0 ? 1 : 0
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)} ${units[power]}`
}
