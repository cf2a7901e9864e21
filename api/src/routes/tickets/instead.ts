import type { Db } from '@tocsin/db'
import { type Reader, ticketWorkable } from '@tocsin/desk'
import { sql } from 'kysely'
import { nearest } from './nearest.ts'
import { type Near, wordsOf } from './words.ts'

/** What may have been meant by words that find nothing. Undefined when no word is like one of them. */
export async function likeWords(db: Db, text: string): Promise<Near | undefined> {
  const typed = [...new Set(wordsOf(text))].filter((word) => /^\p{L}{4,30}$/u.test(word))
  const { rows } = await sql<{ typed: string; folded: string; known: boolean; like: string[] }>`
    select typed, folded, exists (select from known_word where word = folded) as known,
      array(select word from known_word where word % folded and word <> folded
            order by similarity(word, folded) desc, word limit 30) as like
    from unnest(${typed}::text[]) typed, lateral (select fold_text(typed) as folded) f`.execute(db)
  const near: Near = new Map()
  for (const one of rows) {
    const meant = nearest(one.folded, one.like)
    if (meant.length > 0) near.set(one.typed, one.known ? [one.folded, ...meant] : meant)
  }
  return near.size > 0 ? near : undefined
}

/** Of these the words that the reader finds in the tickets shown: a word from a note or a foreign ticket stays unsaid. */
export async function saidWords(db: Db, reader: Reader, near: Near, ids: string[]): Promise<string[]> {
  const words = [...near].flatMap(([typed, meant]) => meant.filter((word) => word !== typed))
  const { rows } = await sql<{ word: string }>`
    select word from unnest(${words}::text[]) with ordinality w(word, position)
    where exists (select from ticket t where t.id = any(${ids}::uuid[]) and t.search @@ to_tsquery('simple', word || ':*')
      and (${ticketWorkable(reader)} or t.search @@ to_tsquery('simple', word || ':*D')))
    order by position`.execute(db)
  return [...new Set(rows.map(({ word }) => word))]
}
