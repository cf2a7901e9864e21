import { type IntegrationInput, readAccounting } from '@tocsin/desk'
import { afterAll, beforeAll, expect } from 'vitest'
import { database, type TestDatabase } from './database.ts'
import { anIntegration, drain, type TestDoor, testDoor } from './door.ts'
import { setClockOffset } from './clock.ts'

export interface DoorOverDatabase {
  base: TestDatabase
  door: TestDoor
  /** Moves the clock of this database on, by seconds; answers what it is ahead by now. */
  moveOn: (seconds: number) => Promise<number>
}

/** A database of this file's own and a door over it, from before its first test until after its last. */
export function doorOverDatabase(): DoorOverDatabase {
  let ahead = 0
  const on = {
    moveOn: async (seconds: number) => {
      await setClockOffset(on.base.ownerUrl, `${(ahead += seconds)} seconds`)
      return ahead
    },
  } as DoorOverDatabase
  beforeAll(async () => {
    on.base = await database()
    on.door = await testDoor(on.base.url)
  })
  afterAll(async () => {
    await on.door.close()
    await on.base.drop()
  })
  return on
}

/** A source that speaks our own form; what it says is decided at once, and its account balances. */
export async function aSource({ base, door }: DoorOverDatabase, input: Partial<IntegrationInput> = {}) {
  const integration = await anIntegration(base.db, input)
  return {
    ...integration,
    say: async (...events: Record<string, unknown>[]) => {
      const body = { events: events.map((event) => ({ kind: 'trigger', severity: 'error', ...event })) }
      expect((await door.send(`/v1/events/${integration.key}`, body)).status).toBe(202)
      await drain(base.db)
      expect(await readAccounting(base.db, integration.id)).toMatchObject({ balanced: true, waiting: 0 })
    },
    /** What became of everything it said, in order. */
    buckets: async () => {
      const rows = await base.db
        .selectFrom('event')
        .select('bucket')
        .where('integration_id', '=', integration.id)
        .orderBy('id')
        .execute()
      return rows.map((row) => row.bucket)
    },
    alert: (key: string) =>
      base.db
        .selectFrom('alert')
        .selectAll()
        .where('integration_id', '=', integration.id)
        .where('dedup_key', '=', key)
        .executeTakeFirstOrThrow(),
  }
}

/** The verbs of the record about one thing, in order. */
export async function verbsAbout({ base }: DoorOverDatabase, id: string): Promise<string[]> {
  const rows = await base.db
    .selectFrom('activity')
    .select('verb')
    .where('subject_id', '=', id)
    .orderBy('recorded_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => row.verb)
}
