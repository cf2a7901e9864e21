import { listen } from '@tocsin/db'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { database, until } from '../harness/index.ts'

test('one connection hears several channels, and tells which; after a break it wakes all of them', async () => {
  const record = await database()
  const heard: string[] = []
  const listener = await listen(record.url, ['due', 'feed'], (payload, channel) =>
    heard.push(`${channel}:${payload}`),
  )
  try {
    expect(heard.splice(0)).toEqual(['due:', 'feed:'])
    await sql`select pg_notify('due', 'steps'), pg_notify('feed', ''), pg_notify('presence', 'x')`.execute(
      record.db,
    )
    await until(() => heard.length === 2)
    expect(heard.splice(0)).toEqual(['due:steps', 'feed:'])

    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'listen due feed'`.execute(record.db)
    await until(() => heard.length === 2)
    expect(heard).toEqual(['due:', 'feed:'])
  } finally {
    await listener.close()
    await record.drop()
  }
})
