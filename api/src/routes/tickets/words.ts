import { type Reader, ticketWorkable } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'

const NUMBER = /^(inc|req|prb|chg)-\d+$/i
const WORD = /[\p{L}\p{N}]+/gu
const MOST = 12

/** Known words that may have been meant by a typed one, by that. */
export type Near = Map<string, string[]>

/** The words typed outside of quotes. */
export const wordsOf = (text: string): string[] =>
  text
    .replaceAll(/"[^"]*"/g, ' ')
    .match(WORD)
    ?.slice(0, MOST) ?? []

/**
 * The tsquery of typed words, each the beginning of a word; between double quotes they follow one another as they are.
 * `public`: not the words of internal notes, which carry a weight of their own. Undefined for a ticket's number, and
 * where there is no letter to look for.
 */
export function queryOf(
  text = '',
  sight: 'all' | 'public' = 'all',
  near?: Near,
): RawBuilder<unknown> | undefined {
  if (NUMBER.test(text.trim())) return undefined
  const weight = sight === 'public' ? 'D' : ''
  let left = MOST
  const parts = [...text.matchAll(/"([^"]*)"|[^"]+|"/g)].flatMap(([part, phrase]) => {
    const words = (phrase ?? part).match(WORD)?.slice(0, left) ?? []
    left -= words.length
    if (phrase === undefined)
      return words.map((word) => {
        const meant = (near?.get(word) ?? []).map((one) => one + (weight && `:${weight}`))
        return `(${[`${word}:*${weight}`, ...meant].join(' | ')})`
      })
    return words.length > 0 ? [`(${words.map((word) => word + (weight && `:${weight}`)).join(' <-> ')})`] : []
  })
  return parts.length > 0 ? sql`to_tsquery('simple', fold_text(${parts.join(' & ')}))` : undefined
}

/** What was typed, in a `ticket t` as this reader may read it; nothing that is typed can break the query. */
export function whereWords(text: string, reader: Reader, near?: Near): RawBuilder<boolean> {
  if (NUMBER.test(text)) return sql`t.number = ${text.toUpperCase()}`
  const query = queryOf(text, 'all', near)
  if (!query) return sql<boolean>`false`
  return sql`t.search @@ ${query} and (${ticketWorkable(reader)} or t.search @@ ${queryOf(text, 'public', near)})`
}
