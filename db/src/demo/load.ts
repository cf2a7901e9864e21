import { sql, type Transaction } from 'kysely'
import type { Tables } from '../types.ts'

type Table = keyof Tables
type Row<T extends Table> = { [Column in keyof Tables[T]]?: unknown }

/** Rows gathered in memory, then sent table by table in few, large statements. */
export interface Load {
  add: <T extends Table>(table: T, ...rows: Row<T>[]) => void
  /** Sends what was gathered, in the order in which `tables` are named. */
  send: (trx: Transaction<Tables>, tables: readonly Table[]) => Promise<void>
}

const BATCH = 20_000

/** Columns that only the database can compute, and how, from a row aliased `r`. */
const COMPUTED: Partial<Record<Table, Record<string, string>>> = {
  ticket: { search: `to_tsvector('simple', fold_text(r.title || ' ' || r.description))` },
}

export function createLoad(): Load {
  const gathered = new Map<Table, Row<Table>[]>()
  return {
    add: (table, ...rows) => {
      const held = gathered.get(table)
      if (held) for (const row of rows) held.push(row)
      else gathered.set(table, rows)
    },
    send: async (trx, tables) => {
      for (const table of tables) {
        const rows = gathered.get(table) ?? []
        gathered.delete(table)
        for (let from = 0; from < rows.length; from += BATCH)
          await insert(trx, table, rows.slice(from, from + BATCH))
      }
      if (gathered.size > 0) throw new Error(`Rows of ${[...gathered.keys()].join(', ')} were left over.`)
    },
  }
}

/** One statement; every row must name the columns of the first. */
async function insert(trx: Transaction<Tables>, table: Table, rows: Row<Table>[]): Promise<void> {
  const computed = COMPUTED[table] ?? {}
  const columns = Object.keys(rows[0]!).filter((column) => !(column in computed))
  const quoted = columns.map((column) => `"${column}"`)
  const into = [...quoted, ...Object.keys(computed)]
  const from = [...quoted.map((column) => `r.${column}`), ...Object.values(computed)]
  await sql`
    insert into ${sql.table(table)} (${sql.raw(into.join(', '))}) overriding system value
    select ${sql.raw(from.join(', '))}
    from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json) r`.execute(trx)
}
