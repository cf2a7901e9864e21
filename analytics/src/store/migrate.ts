import { readdir, readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Store } from './store.ts'

const folder = new URL('../../migrations/', import.meta.url)

/**
 * Applies the files of `analytics/migrations` that this store has not seen, in order. ClickHouse has no
 * transactions over tables, so a file interrupted half-way runs again: its statements say `if not exists`.
 */
export async function migrateStore(store: Store): Promise<void> {
  await store.run(
    `create table if not exists migration (name String, applied_at DateTime default now()) engine = MergeTree order by name`,
  )
  const applied = await store.ask({
    name: 'migrations',
    text: 'select name from migration',
    row: z.object({ name: z.string() }),
  })
  const seen = new Set(applied.map((row) => row.name))
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  for (const name of names.filter((each) => !seen.has(each))) {
    const file = await readFile(new URL(name, folder), 'utf8')
    // Comments first: a semicolon inside one ends no statement.
    const statements = file.replaceAll(/^\s*--.*$/gm, '').split(';')
    for (const statement of statements.filter((text) => text.trim() !== '')) await store.run(statement)
    await store.insert('migration', [{ name }])
  }
}
