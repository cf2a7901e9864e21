import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { connect } from '@tocsin/db'
import { migrate } from '@tocsin/db/migrate'
import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOwner, database, type TestDatabase } from '../harness/index.ts'

const log = pino({ level: 'silent' })
let base: TestDatabase
beforeAll(async () => {
  base = await database()
})
afterAll(() => base.drop())

async function folderWith(files: Record<string, string>): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-migrations-'))
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql)
  return pathToFileURL(`${folder}/`)
}

async function rows(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: base.ownerUrl })
  await client.connect()
  const result = await client.query({ text: sql, rowMode: 'array' })
  await client.end()
  return result.rows
}

describe('migrations', () => {
  test('five replicas that start together apply each file once', async () => {
    const from = await folderWith({
      '9001-create-race.sql': 'create table race (at timestamptz); insert into race values (now())',
      '9002-add-race.sql': 'insert into race values (now())',
    })
    await Promise.all(Array.from({ length: 5 }, () => migrate(base.ownerUrl, { log, from })))
    expect(await rows('select count(*)::int from race')).toEqual([[2]])
  })

  test('running again changes nothing', async () => {
    const before = await rows('select name, applied_at from migration order by name')
    await migrate(base.ownerUrl, { log })
    expect(await rows('select name, applied_at from migration order by name')).toEqual(before)
  })

  test('one that fails leaves nothing behind, and the ones before it stay', async () => {
    const from = await folderWith({
      '9101-create-kept.sql': 'create table kept (id int)',
      '9102-create-lost.sql': 'create table lost (id int); select no_such_function()',
    })
    await expect(migrate(base.ownerUrl, { log, from })).rejects.toThrow(/9102-create-lost.sql failed/)
    expect(await rows(`select to_regclass('kept') is not null, to_regclass('lost') is null`)).toEqual([
      [true, true],
    ])
  })

  test('an applied file that has changed since is refused', async () => {
    await migrate(base.ownerUrl, { log, from: await folderWith({ '9201-create-one.sql': 'select 1' }) })
    const changed = await folderWith({ '9201-create-one.sql': 'select 2' })
    await expect(migrate(base.ownerUrl, { log, from: changed })).rejects.toThrow(
      /changed after it was applied/,
    )
  })

  test('a misnamed file is refused', async () => {
    const from = await folderWith({ '12-x.sql': 'select 1' })
    await expect(migrate(base.ownerUrl, { log, from })).rejects.toThrow(/not named NNNN-verb-noun/)
  })
})

test('a role that an operator made serves as a member of the service role, and rewrites no record', async () => {
  const name = `tocsin_operator_${process.pid}`
  await asOwner(base.ownerUrl, `create role ${name} login password 'operator'`)
  const serviceUrl = new URL(base.ownerUrl)
  serviceUrl.username = name
  serviceUrl.password = 'operator'
  await migrate(base.ownerUrl, { log, serviceUrl: serviceUrl.href })
  const db = connect(serviceUrl.href)
  await expect(db.selectFrom('activity').select('id').execute()).resolves.toEqual([])
  await expect(db.deleteFrom('activity').execute()).rejects.toThrow('permission denied for table activity')
  await db.destroy()
  await asOwner(base.ownerUrl, `drop owned by ${name}; drop role ${name}`)
})
