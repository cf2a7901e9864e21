import type { Db } from '@tocsin/db'
import { type Reader, ticketWorkable } from '@tocsin/desk'
import { sql } from 'kysely'
import { slipsFrom } from './slips.ts'
import { type Near, wordsOf } from './words.ts'

const MOST_KNOWN = 200
const MOST_MEANT = 30

/**
 * What has words like those that nothing has: one slip away, and where the reader finds nothing so, two. What is known
 * comes from tickets of everybody, so a word counts only by what it finds: one that the reader may not find neither shows
 * nor stands before one that they may.
 */
export async function foundInstead<Row extends { id: string }>(
  db: Db,
  reader: Reader,
  text: string,
  find: (near: Near) => Promise<Row[]>,
): Promise<{ rows: Row[]; instead: string[] } | undefined> {
  const like = await wordsLike(db, text)
  for (const slips of [1, 2]) {
    if (!like.some((one) => one.slips === slips)) continue
    const near: Near = new Map()
    for (const { typed, word } of like.filter((one) => one.slips <= slips))
      near.set(typed, [...(near.get(typed) ?? []), word].slice(0, MOST_MEANT))
    // oxlint-disable-next-line no-await-in-loop -- what is farther off is asked for only where the nearer finds nothing
    const rows = await find(near)
    // oxlint-disable-next-line no-await-in-loop -- ends the loop
    if (rows.length > 0) return { rows, instead: await saidWords(db, reader, near, rows) }
  }
  return undefined
}

interface Like {
  typed: string
  word: string
  slips: number
}

async function wordsLike(db: Db, text: string): Promise<Like[]> {
  const typed = [...new Set(wordsOf(text))].filter((word) => /^\p{L}{4,30}$/u.test(word))
  // Two letters changed with one another leave a short word hardly a trigram: those are looked up as they may have been.
  const asked = typed.map((word) => ({ typed: word, swapped: swapsOf(word) }))
  const { rows } = await sql<{ typed: string; folded: string; known: string[] }>`
    select typed, folded, array(
      (select word from known_word where word % folded and word <> folded
          and length(word) between length(folded) - 2 and length(folded) + 2
        order by similarity(word, folded) desc, word limit ${MOST_KNOWN})
      union select word from known_word where word = any(array(select fold_text(one) from unnest(swapped) one))) as known
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as g(typed text, swapped text[]),
      lateral (select fold_text(typed) as folded) f`.execute(db)
  return rows
    .flatMap((one) =>
      one.known.map((word) => ({ typed: one.typed, word, slips: slipsFrom(one.folded, word) })),
    )
    .filter((one): one is Like => one.slips !== undefined)
}

const swapsOf = (word: string): string[] =>
  Array.from({ length: word.length - 1 }, (_, at) =>
    [word.slice(0, at), word[at + 1], word[at], word.slice(at + 2)].join(''),
  )

/** Of these the words that the reader can read in the tickets shown. */
async function saidWords(db: Db, reader: Reader, near: Near, rows: { id: string }[]): Promise<string[]> {
  const words = [...new Set([...near.values()].flat())]
  const { rows: said } = await sql<{ word: string }>`
    select word from unnest(${words}::text[]) with ordinality w(word, position)
    where exists (select from ticket t where t.id = any(${rows.map(({ id }) => id)}::uuid[])
      and t.search @@ to_tsquery('simple', word)
      and (${ticketWorkable(reader)} or t.search @@ to_tsquery('simple', word || ':D')))
    order by position`.execute(db)
  return said.map(({ word }) => word)
}
