import { type Reader, ticketWorkable } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'

const NUMBER = String.raw`(?:inc|req|prb|chg)-\d+`
const NUMBERS = new RegExp(String.raw`^${NUMBER}(?:[\s,]+${NUMBER})*$`, 'i')
// Without the letters and numbers that folding makes signs of, which a query would take for its own: ½ is 1/2, ⑴ is (1).
const WORD = /(?:(?![ŉ\u02b0-\u02ff\p{No}])[\p{L}\p{N}])+/gu
// As the index has them (`part_signs`): where no spaces are, each sign is a word, with the mark that lengthens it.
const SIGNS = /[\u3040-\u30fb\u30fd-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]\u30fc*/gu
const MOST = 12

/** Known words that may have been meant by a typed one, by that. */
export type Near = Map<string, string[]>

/** `all`, or `public`: not the words of internal notes, which carry a weight of their own. */
type Sight = 'all' | 'public'

interface Part {
  words: string[]
  /** As they follow one another. */
  phrase: boolean
  /** Behind a minus. */
  not: boolean
}

/** The numbers of tickets, where nothing else was typed. */
const numbersIn = (text: string): string[] | undefined =>
  NUMBERS.test(text.trim()) ? text.toUpperCase().match(/[A-Z]+-\d+/g)! : undefined

/** A number typed without its letters is of any kind. */
export const numbersMeant = (text: string): string[] => {
  const [, number] = /^\s*#?(\d{1,9})\s*$/.exec(text) ?? []
  return number ? ['INC', 'REQ', 'PRB', 'CHG'].map((kind) => `${kind}-${number}`) : []
}

/** What was typed, word by word and phrase by phrase; a quote that none ends is none. */
function partsOf(text: string): Part[] {
  let left = MOST
  return [...text.matchAll(/(-?)"([^"]*)"|[^\s"]+|"/g)].flatMap(([whole, minus, phrase]) => {
    const words = (phrase ?? whole).match(WORD)?.slice(0, left) ?? []
    left -= words.length
    if (words.length === 0) return []
    const isPhrase = phrase !== undefined
    const not = isPhrase ? minus === '-' : /^-[\p{L}\p{N}]/u.test(whole)
    return [{ words: isPhrase ? words.flatMap(apart) : words, phrase: isPhrase, not }]
  })
}

/** The signs of a word that is written in them, and what stands between. */
const apart = (word: string): string[] =>
  word
    .replaceAll(SIGNS, ' $& ')
    .split(' ')
    .filter((part) => part !== '')

/** The words typed outside of quotes, but for those behind a minus. */
export const wordsOf = (text: string): string[] =>
  partsOf(text).flatMap(({ words, phrase, not }) => (phrase || not ? [] : words))

/**
 * The tsquery of typed words, each the beginning of a word; between double quotes they follow one another as they are.
 * Undefined for a ticket's number, and where there is no letter to look for.
 */
export function queryOf(text = '', sight: Sight = 'all', near?: Near): RawBuilder<unknown> | undefined {
  return numbersIn(text) ? undefined : wordsIn(text, sight, near)
}

/** The same, a number being a word among words. */
export function wordsIn(text: string, sight: Sight = 'all', near?: Near): RawBuilder<unknown> | undefined {
  const asked = partsOf(text).filter(({ not }) => !not)
  return tsquery(
    asked.map((part) => said(part, sight, near)),
    ' & ',
  )
}

/** What must not be there: any of it. */
const queryWithout = (text: string, sight: Sight): RawBuilder<unknown> | undefined =>
  tsquery(
    partsOf(text)
      .filter(({ not }) => not)
      .map((part) => said(part, sight)),
    ' | ',
  )

function said({ words, phrase }: Part, sight: Sight, near?: Near): string {
  const weight = sight === 'public' ? 'D' : ''
  const exact = (word: string) => word + (weight && `:${weight}`)
  if (phrase) return `(${words.map(exact).join(' <-> ')})`
  const each = words.map((word) => {
    const signs = apart(word)
    const begins = [...signs.slice(0, -1).map(exact), `${signs.at(-1)}:*${weight}`].join(' <-> ')
    return [begins, ...(near?.get(word) ?? []).map(exact)].join(' | ')
  })
  return `(${each.map((one) => `(${one})`).join(' & ')})`
}

const tsquery = (parts: string[], joint: string) =>
  parts.length > 0 ? sql`to_tsquery('simple', fold_text(${parts.join(joint)}))` : undefined

/** What was typed, in a `ticket t` as this reader may read it; nothing that is typed can break the query. */
export function whereWords(text: string, reader: Reader, near?: Near): RawBuilder<boolean> {
  const numbers = numbersIn(text)
  if (numbers)
    return numbers.length === 1 ? sql`t.number = ${numbers[0]}` : sql`t.number = any(${numbers}::text[])`
  const query = queryOf(text, 'all', near)
  const without = queryWithout(text, 'all')
  const all: RawBuilder<boolean>[] = []
  if (query)
    all.push(
      sql`t.search @@ ${query} and (${ticketWorkable(reader)} or t.search @@ ${queryOf(text, 'public', near)})`,
    )
  // Nobody learns by a minus what is in notes that they may not read.
  if (without)
    all.push(
      sql`not (t.search @@ ${queryWithout(text, 'public')} or (${ticketWorkable(reader)} and t.search @@ ${without}))`,
    )
  return all.length > 0 ? sql.join(all, sql` and `) : sql<boolean>`false`
}
