import { type RawBuilder, sql } from 'kysely'

const NUMBER = /^(inc|req|prb|chg)-\d+$/i

/** The tsquery of typed words; undefined for a ticket's number, and where there is no letter to look for. */
export function queryOf(text = ''): RawBuilder<unknown> | undefined {
  if (NUMBER.test(text.trim())) return undefined
  const words = text.match(/[\p{L}\p{N}]+/gu)?.slice(0, 12) ?? []
  const prefixes = words.map((word) => `${word}:*`).join(' & ')
  return prefixes === '' ? undefined : sql`to_tsquery('simple', fold_text(${prefixes}))`
}

/** Every word, as the beginning of a word of the text; nothing that is typed can break the query. */
export function whereWords(text: string): RawBuilder<boolean> {
  if (NUMBER.test(text)) return sql`t.number = ${text.toUpperCase()}`
  const query = queryOf(text)
  return query ? sql`t.search @@ ${query}` : sql<boolean>`false`
}
