import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KPIS } from '@tocsin/analytics'
import { connect, type Db } from '@tocsin/db'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { createLog } from '@tocsin/db/process'
import {
  lastPlace,
  openTickets,
  placeActivity,
  readFeed,
  resolveTicket,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { Client } from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { figuresOf } from '../harness/index.ts'

const log = createLog('test', 'silent')
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-test-restore-'))
  ends.push(() => rm(path, { recursive: true, force: true }))
  return path
}

/** A server of its own over this folder, migrated. */
async function serve(dir: string): Promise<EmbeddedPostgres & { db: Db }> {
  const server = await startEmbeddedPostgres({ dir, log, settings: { fsync: 'off' } })
  await migrate(server.ownerUrl, { log, serviceUrl: server.url })
  const db = connect(server.url, { max: 3 })
  const stop = async () => {
    await db.destroy()
    await server.stop()
  }
  ends.push(stop)
  return { ...server, db, stop }
}

const open = (db: Db, many: number) =>
  transact(db, SYSTEM, (tx) =>
    openTickets(
      tx,
      Array.from({ length: many }, (_, n) => ({
        kind: n % 2 ? ('incident' as const) : ('request' as const),
        title: `Ticket ${n}`,
        impact: 'medium' as const,
        urgency: 'low' as const,
        channel: 'desk' as const,
        symptomKey: `symptom-${n % 3}`,
      })),
    ),
  )

/** A record with some history, all of it placed in the feed. */
async function live(db: Db): Promise<void> {
  const tickets = await open(db, 12)
  for (const { id } of tickets.slice(0, 7)) await transact(db, SYSTEM, (tx) => resolveTicket(tx, { id }))
  await placeActivity(db)
}

/** Every figure of a store built anew from this record. */
async function everyFigure(db: Db): Promise<unknown> {
  const figures = await figuresOf(db)
  try {
    await figures.follow()
    const question = { from: new Date(0), to: new Date('2100-01-01'), zone: 'UTC', filter: {} } as const
    return await Promise.all(
      KPIS.map(async (kpi) => [
        kpi.name,
        (
          await kpi.fromStore(figures.store, {
            ...question,
            by: kpi.dimensions.at(-1)!,
            scope: { all: true, teams: [] },
          })
        ).whole,
      ]),
    )
  } finally {
    await figures.close()
  }
}

async function goesOn(db: Db, place: number): Promise<void> {
  expect(await lastPlace(db)).toBe(place)
  const [ticket] = await open(db, 1)
  await placeActivity(db)
  const lines = await readFeed(db, place, 100)
  expect(lines.map((line) => line.place)).toEqual([place + 1])
  expect(lines[0]!.subject_id).toBe(ticket!.id)
  expect(ticket!.number).toBe('REQ-7')
}

describe('a record that comes back', () => {
  test('as a copy of its folder starts, goes on where it stood, and gives the same figures', async () => {
    const [here, there] = [await folder(), await folder()]
    const first = await serve(here)
    await live(first.db)
    const place = await lastPlace(first.db)
    const figures = await everyFigure(first.db)
    await first.stop()
    // With its owner and its modes, which PostgreSQL insists on.
    execFileSync('cp', ['-a', `${here}/.`, there])

    const second = await serve(there)
    expect(await everyFigure(second.db)).toEqual(figures)
    await goesOn(second.db, place)
  }, 120_000)

  test('as rows in an empty PostgreSQL, where no transaction has its old number', async () => {
    const first = await serve(await folder())
    await live(first.db)
    const place = await lastPlace(first.db)
    const figures = await everyFigure(first.db)
    const dump = await folder()
    await chmod(dump, 0o777)
    const sequences = await dumpRows(first.ownerUrl, dump)

    const second = await serve(await folder())
    await restoreRows(second.ownerUrl, dump, sequences)
    expect(await everyFigure(second.db)).toEqual(figures)
    await goesOn(second.db, place)
  }, 120_000)
})

const TABLES = `
  select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migration' order by 1`

/** What pg_dump takes, which is no part of the embedded server: rows of every table, and where sequences stand. */
async function dumpRows(ownerUrl: string, into: string): Promise<{ name: string; value: string }[]> {
  return as(ownerUrl, async (client) => {
    for (const { name } of (await client.query<{ name: string }>(TABLES)).rows)
      await client.query(`copy (select * from ${name}) to '${join(into, name)}'`)
    const { rows } = await client.query<{ name: string; value: string }>(
      `select quote_ident(sequencename) as name, last_value as value from pg_sequences where schemaname = 'public' and last_value is not null`,
    )
    return rows
  })
}

async function restoreRows(
  ownerUrl: string,
  from: string,
  sequences: { name: string; value: string }[],
): Promise<void> {
  await as(ownerUrl, async (client) => {
    const tables = (await client.query<{ name: string }>(TABLES)).rows.map(({ name }) => name)
    await client.query('set session_replication_role = replica')
    await client.query(`truncate ${tables.join(', ')}`)
    for (const name of tables) await client.query(`copy ${name} from '${join(from, name)}'`)
    for (const { name, value } of sequences) await client.query(`select setval('${name}', ${value})`)
  })
}

async function as<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
