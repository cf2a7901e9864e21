import { inert } from '../canned/index.ts'

/** What texts of rules may name between double braces. */
export const FILLED = ['number', 'title', 'state', 'priority', 'service', 'team', 'assignee', 'requester']
/** And those of a schedule. */
export const DATED = ['date']

const PLACE = /\{\{([^{}]*)\}\}/g

/**
 * A text with what it names, such as `{{number}}`; what is not known is left empty, what is no name stays as it is. In
 * Markdown a value is words, whatever somebody called their ticket or themselves.
 */
export const fill = (
  text: string,
  facts: Record<string, unknown>,
  into: 'plain' | 'markdown' = 'plain',
): string =>
  text.replaceAll(PLACE, (whole, given: string) => {
    const name = given.trim()
    if (!FILLED.includes(name)) return whole
    const value = facts[name]
    if (typeof value !== 'string') return ''
    return into === 'markdown' ? inert(value) : value
  })

/** What a text asks for that nothing knows. */
export const unknownIn = (text: string, known: readonly string[]): string[] => [
  ...new Set(
    [...text.matchAll(PLACE)].map(([, name]) => name!.trim()).filter((name) => !known.includes(name)),
  ),
]
