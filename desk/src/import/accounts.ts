import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { plainName } from './ready/headers.ts'

/** Names by account id, as Jira has both of a person in columns of their own and only the second beside a comment. */
export type Accounts = Record<string, string>

const MOST_ACCOUNTS = 10_000

/** For columns that name people: those that hold their ids, “Assignee Id” or “ID de la persona asignada”. */
export function accountColumns(header: string[], people: ReadonlySet<number>): [id: number, name: number][] {
  const plain = header.map(plainName)
  return [...people].flatMap((name): [number, number][] => {
    const id = plain.findIndex(
      (one) => one === `${plain[name]!} id` || (one.startsWith('id ') && one.endsWith(` ${plain[name]!}`)),
    )
    return id === -1 ? [] : [[id, name]]
  })
}

export async function readAccounts(tx: Tx, id: string, columns: [number, number][]): Promise<Accounts> {
  if (columns.length === 0) return {}
  const pairs = columns.map(
    ([account, name]) => sql`
      select btrim(cells ->> ${sql.lit(account)}) as account, btrim(cells ->> ${sql.lit(name)}) as name
      from import_row where import_id = ${id} and problem is null`,
  )
  const { rows } = await sql<{ account: string; name: string }>`
    select account, min(name) as name from (${sql.join(pairs, sql` union all `)}) found
    where account <> '' and name <> '' group by account limit ${MOST_ACCOUNTS}`.execute(tx.db)
  return Object.fromEntries(rows.map(({ account, name }) => [account, name]))
}
