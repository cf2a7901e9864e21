import { sql, type Transaction } from 'kysely'
import type { Tables } from '../types.ts'

type Table = keyof Tables
type Row = Record<string, unknown>

/** Rows gathered in memory, then sent table by table in few, large statements. */
export interface Load {
  add: <T extends Table>(table: T, ...rows: Partial<Record<keyof Tables[T], unknown>>[]) => void
  /** Sends what was gathered. */
  send: (trx: Transaction<Tables>) => Promise<void>
}

const BATCH = 10_000

/** Columns that only the database can compute, and how, from a row aliased `r`. */
const COMPUTED: Partial<Record<Table, Record<string, string>>> = {
  ticket: { search: `search_document(r.title || ' ' || r.description)` },
}

export function createLoad(): Load {
  const gathered = new Map<Table, Row[]>()
  return {
    add: (table, ...rows) => {
      const held = gathered.get(table)
      if (held) for (const row of rows) held.push(row)
      else gathered.set(table, rows)
    },
    send: async (trx) => {
      // The rows refer to one another as they were invented; looking each reference up again takes as long as
      // writing the rows. test/promises/demo.test.ts looks at all of them.
      await sql`set local session_replication_role = replica`.execute(trx)
      let sent: Promise<unknown> = Promise.resolve()
      for (const [table, rows] of gathered)
        for (let from = 0; from < rows.length; from += BATCH) {
          // The next batch becomes text while the database writes the one before.
          const statement = insertion(table, rows.slice(from, from + BATCH))
          await sent
          sent = statement.execute(trx)
        }
      await sent
      gathered.clear()
    },
  }
}

/** One statement; every row must name the columns of the first. */
function insertion(table: Table, rows: Row[]) {
  const computed = COMPUTED[table] ?? {}
  const quoted = Object.keys(rows[0]!).map((column) => `"${column}"`)
  const into = [...quoted, ...Object.keys(computed)]
  const from = [...quoted.map((column) => `r.${column}`), ...Object.values(computed)]
  return sql`
    insert into ${sql.table(table)} (${sql.raw(into.join(', '))})
    select ${sql.raw(from.join(', '))}
    from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json) r`
}
