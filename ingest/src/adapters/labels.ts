import type { Fields } from './adapter.ts'

/** Those that say something, as labels: a list's words with commas between them, nothing nested, nothing empty. */
export const saidLabels = (given: Fields): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given)
      .map(([name, value]) => [name, wordOf(value)] as const)
      .filter(([, word]) => word !== ''),
  )

/** A scalar, or a list of them, as one word; `''` for anything that says nothing. */
export function wordOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!Array.isArray(value)) return ''
  return value
    .map(wordOf)
    .filter((word) => word !== '')
    .join(',')
}
