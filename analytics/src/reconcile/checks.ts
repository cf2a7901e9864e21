import { sql } from 'kysely'
import { z } from 'zod'
import { integrationFact, pageFact, ticketFact, workFact } from '../facts/index.ts'
import type { Postgres } from '../kpi/index.ts'
import type { Store } from '../store/store.ts'
import type { Difference } from './compare.ts'

/** Whole-table sums by table. */
export type Checks = Record<string, Record<string, string>>

const FACTS = [ticketFact, pageFact, workFact, integrationFact]
const sums = z.record(z.string(), z.coerce.string())
const TALLY = { events: 'sum(count)', minutes: `count(distinct minute)` }

export async function checksOfRecord(record: Postgres): Promise<Checks> {
  const checks: Checks = {}
  for (const fact of FACTS) {
    const list = Object.entries(fact.checks).map(
      ([name, { postgres }]) => `(${postgres})::numeric::text as ${name}`,
    )
    const { rows } = await sql`select ${sql.raw(list.join(', '))} from ${sql.raw(fact.from)}`.execute(record)
    checks[fact.table] = sums.parse(rows[0])
  }
  const { rows } = await sql`
    select coalesce(${sql.raw(TALLY.events)}, 0)::text as events, ${sql.raw(TALLY.minutes)}::text as minutes
    from tally`.execute(record)
  checks.tally = sums.parse(rows[0])
  return checks
}

export async function checksOfStore(store: Store): Promise<Checks> {
  const checks: Checks = {}
  for (const fact of FACTS) {
    const list = Object.entries(fact.checks).map(
      ([name, { clickhouse }]) => `toString(${clickhouse}) as ${name}`,
    )
    const text = `select ${list.join(', ')} from ${fact.table} final`
    checks[fact.table] = (await store.ask({ name: `check ${fact.table}`, text, row: sums }))[0]!
  }
  const text = `select toString(${TALLY.events}) as events, toString(${TALLY.minutes}) as minutes from tally final`
  checks.tally = (await store.ask({ name: 'check tally', text, row: sums }))[0]!
  return checks
}

export const compareChecks = (store: Checks, record: Checks): Difference[] =>
  Object.entries(record).flatMap(([table, expected]) =>
    Object.entries(expected)
      .filter(([name, postgres]) => store[table]?.[name] !== postgres)
      .map(([name, postgres]) => ({
        what: `table ${table}`,
        key: name,
        clickhouse: store[table]?.[name],
        postgres,
      })),
  )
