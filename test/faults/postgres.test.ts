import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@tocsin/db/migrate'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { Client } from 'pg'
import { pino } from 'pino'
import { expect, test } from 'vitest'

const log = pino({ level: 'silent' })

async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows as Row[]
}

test('the embedded PostgreSQL keeps every commit through kill -9, three times', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tocsin-test-embedded-'))
  let server = await startEmbeddedPostgres({ dir, log })
  await query(server.ownerUrl, 'create table kept (n int primary key)')

  let acknowledged = 0
  for (let kill = 0; kill < 3; kill += 1) {
    const client = new Client({ connectionString: server.ownerUrl })
    client.on('error', () => undefined)
    await client.connect()
    const target = acknowledged + 200
    while (acknowledged < target) {
      await client.query('insert into kept values ($1)', [acknowledged])
      acknowledged += 1
    }
    process.kill(server.pid, 'SIGKILL')
    await server.exited
    server = await startEmbeddedPostgres({ dir, log, port: server.port })
    expect(await query(server.ownerUrl, 'select count(*)::int as n from kept')).toEqual([{ n: acknowledged }])
  }
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})

test('its service role logs in and owns nothing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tocsin-test-embedded-'))
  const server = await startEmbeddedPostgres({ dir, log })
  await migrate(server.ownerUrl, { log, serviceUrl: server.url })
  const [role] = await query(
    server.url,
    `select rolname, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user`,
  )
  expect(role).toEqual({ rolname: 'tocsin_app', rolsuper: false, rolcreaterole: false, rolcreatedb: false })
  const settings = await query<{ name: string; setting: string }>(
    server.ownerUrl,
    `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'listen_addresses', 'TimeZone')`,
  )
  expect(Object.fromEntries(settings.map((row) => [row.name, row.setting]))).toEqual({
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    TimeZone: 'UTC',
  })
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})
