import { sql, type RawBuilder, type Transaction } from 'kysely'
import type { Tables } from '@tocsin/db'

/** A table of facts: each of its columns, declared once, with the Postgres expression it is read from. */
export interface Fact {
  table: string
  columns: Record<string, string>
  /** The FROM clause in Postgres. */
  from: string
  /** The expression of the row's id in that clause. */
  key: string
  /** Whole-table sums that both stores must agree on: ClickHouse and Postgres expressions. */
  checks: Record<string, { clickhouse: string; postgres: string }>
}

export type FactRow = Record<string, unknown>

/** The rows that `where` picks, as they stand in this snapshot, marked with the place they are read at. */
export async function readFacts(
  snapshot: Transaction<Tables>,
  fact: Fact,
  place: number,
  where: RawBuilder<unknown>,
): Promise<FactRow[]> {
  const list = Object.entries(fact.columns).map(([column, expression]) => `${expression} as ${column}`)
  const { rows } = await sql<FactRow>`
    select ${sql.raw(list.join(', '))}, ${place}::bigint as read_at_place
    from ${sql.raw(fact.from)} where ${where}`.execute(snapshot)
  return rows
}

/** The last 32 bits of each id, summed: two stores that hold the same ids agree on it. */
export const idCheck = (id: string): Fact['checks'][string] => ({
  clickhouse: `sum(reinterpretAsUInt32(reverse(unhex(right(toString(id), 8)))))`,
  postgres: `coalesce(sum(('x' || right(${id}::text, 8))::bit(32)::bigint), 0)`,
})

/** Instants, summed as milliseconds. */
export const instantCheck = (column: string, expression: string): Fact['checks'][string] => ({
  clickhouse: `sum(ifNull(toUnixTimestamp64Milli(${column}), 0))`,
  postgres: `coalesce(sum(round(extract(epoch from ${expression}) * 1000)), 0)`,
})
