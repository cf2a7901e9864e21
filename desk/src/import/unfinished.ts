import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import type { ImportState } from './life.ts'

export interface Unfinished {
  id: string
  name: string
  state: ImportState
  created_at: Date
}

/** What the same command began and did not bring to its end, the newest. */
export async function unfinishedImport(db: Db, resumeKey: string): Promise<Unfinished | undefined> {
  const { rows } = await sql<Unfinished>`
    select id, name, state, created_at from import
    where resume_key = ${resumeKey} and state in ('mapping', 'checking', 'checked', 'running')
    order by created_at desc limit 1`.execute(db)
  return rows[0]
}
