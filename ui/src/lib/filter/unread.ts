import type { FacetName, Facets, Filter } from './grammar.ts'

/** A value that says nothing about its facet, and what would: values to choose from, or the form of one. */
export interface Unread {
  name: FacetName
  value: string
  known?: readonly string[]
  forms?: readonly string[]
  /** It stands behind a minus. */
  not?: true
}

const AGE = /^[<>]\d{1,5}[mhdw]$/
const DAY = String.raw`\d{4}-\d{2}-\d{2}`
const DAYS = new RegExp(`^(?:[<>]?${DAY}|${DAY}\\.\\.(?:${DAY})?|\\.\\.${DAY})$`)
const ANSWER =
  /^\s*[a-z][a-z0-9_]{0,39}(?:[=~:].+|[<>]=?(?:-?\d{1,15}(?:\.\d{1,10})?|\d{4}-\d{2}-\d{2})\s*)$/s
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const isTime = (value: string) =>
  AGE.test(value) || (DAYS.test(value) && (value.match(new RegExp(DAY, 'g')) ?? []).every(isDay))
const written: Partial<Record<FacetName, { forms: readonly string[]; fits: (value: string) => boolean }>> = {
  age: { forms: ['>3d', '<2h'], fits: (value) => AGE.test(value) },
  created: { forms: ['>3d', '2026-11-02', '2026-11-02..2026-11-08'], fits: isTime },
  updated: { forms: ['>3d', '2026-11-02', '2026-11-02..2026-11-08'], fits: isTime },
  field: {
    forms: ['key=value', 'key>100', 'key=2026-11-02..2026-11-08', 'key~word'],
    fits: (value) => ANSWER.test(value),
  },
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) && text >= '0001-01-01'
}

/** What of a filter cannot be read, by the values that facets have here. It is said, and not asked of the desk. */
export const unreadOf = (
  { facets, without = {} }: Filter,
  known: Partial<Record<FacetName, readonly string[]>>,
): Unread[] => [
  ...unreadAmong(facets, known),
  ...unreadAmong(without, known).map((one) => ({ ...one, not: true as const })),
]

const unreadAmong = (facets: Facets, known: Partial<Record<FacetName, readonly string[]>>): Unread[] =>
  (Object.entries(facets) as [FacetName, string[] | undefined][]).flatMap(([name, values = []]) => {
    const form = written[name]
    const choices = known[name]?.map((one) => one.toLowerCase())
    return values.flatMap((value): Unread[] => {
      if (form) return form.fits(value) ? [] : [{ name, value, forms: form.forms }]
      if (!choices || choices.includes(value.toLowerCase())) return []
      if (name === 'assignee') return ID.test(value) ? [] : [{ name, value }]
      return [{ name, value, known: known[name] }]
    })
  })
