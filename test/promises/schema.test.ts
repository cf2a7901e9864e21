import { readdir, readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asOwner, database, type TestDatabase } from '../harness/index.ts'

let record: TestDatabase
beforeAll(async () => {
  record = await database()
})
afterAll(() => record.drop())

it('the hand-kept types name every table and column, and whether it may be null', async () => {
  const folder = new URL('../../db/src/types/', import.meta.url)
  const files = await readdir(folder)
  const source = (await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))).join('\n')
  const tables = new Map(
    [...source.matchAll(/^ {2}(\w+): (\w+Table)$/gm)].map(([, table, type]) => [type!, table!]),
  )
  const typed = [...source.matchAll(/^export interface (\w+Table) \{\n([\s\S]*?)^\}/gm)].flatMap(
    ([, type, columns]) =>
      [...columns!.matchAll(/^ {2}'?(\w+)'?:((?:.|\n {4})*)$/gm)].map(([, column, shape]) => ({
        column: `${tables.get(type!)}.${column}`,
        nullable: /null|JsonbOrNull/i.test(shape!.replace('NOT NULL', '')),
      })),
  )
  const { rows } = await sql<{ column: string; nullable: boolean }>`
    select c.table_name || '.' || c.column_name as "column", c.is_nullable = 'YES' as nullable
    from information_schema.columns c
    join pg_class k on k.relname = c.table_name and k.relnamespace = 'public'::regnamespace
    where c.table_schema = 'public' and not k.relispartition and k.relkind in ('r', 'p') and c.table_name <> 'migration'
    order by 1`.execute(record.db)
  expect(typed.toSorted((a, b) => (a.column < b.column ? -1 : 1))).toEqual(
    rows.toSorted((a, b) => (a.column < b.column ? -1 : 1)),
  )
})

it('services cannot change or delete what was recorded, nor move the clock', async () => {
  for (const statement of [
    sql`update activity set verb = 'x'`,
    sql`delete from activity`,
    sql`truncate activity`,
    sql`delete from activity_rest`,
    sql`update event set bucket = 'ignored'`,
    sql`delete from event`,
    sql`delete from receipt`,
    sql`insert into clock_offset (shift) values ('1 hour')`,
    sql`update activity_place set place = 1`,
  ])
    await expect(statement.execute(record.db)).rejects.toThrow(/permission denied/)
})

it('partitions reach ahead, and a day without one loses nothing', async () => {
  await asOwner(record.ownerUrl, `select ensure_partitions(5)`)
  const { rows } = await sql<{ days: number }>`
    select count(*) as days from pg_inherits where inhparent = 'receipt'::regclass`.execute(record.db)
  expect(rows[0]!.days).toBeGreaterThanOrEqual(7)
  await sql`insert into receipt (received_at, integration_id, outcome, answer_status, body)
    values (now() + interval '40 days', uuidv7(), 'accepted', 200, '')`.execute(record.db)
  expect(await sql`select from receipt_rest`.execute(record.db).catch(() => 'hidden')).toBe('hidden')
  expect((await sql`select from receipt`.execute(record.db)).rows).toHaveLength(1)
})
