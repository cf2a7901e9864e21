import type { Db } from '@tocsin/db'
import type { Rulebook, RuleList } from '@tocsin/desk'
import { decodeCursor, encodeCursor } from '../../cursor.ts'

/** The rules of a version (now in force, unless asked), with who published them. */
export async function readPublished<Body extends RuleList>(db: Db, book: Rulebook<Body>, version?: number) {
  const { published_at, ...set } = await book.published(db, version)
  return { ...set, published_at: published_at?.toISOString() ?? null }
}

/** A page of the versions, the newest first. */
export async function readVersionPage<Body extends RuleList>(
  db: Db,
  book: Rulebook<Body>,
  { cursor, limit }: { cursor?: string; limit: number },
) {
  const before = cursor ? Number(decodeCursor(cursor, 1)[0]) : undefined
  const rows = await book.versions(db, { before, limit: limit + 1 })
  const items = rows
    .slice(0, limit)
    .map((row) => ({ ...row, published_at: row.published_at?.toISOString() ?? null }))
  const last = items.at(-1)
  const next = last && last.version > book.first.version ? encodeCursor([last.version]) : null
  return { items, next }
}
