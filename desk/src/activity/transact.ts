import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import type { Actor } from './actor.ts'

export interface Tx {
  db: Transaction<Tables>
  actor: Actor
  /** The database's instant, read once, after the locks. The only `now` that decides anything. */
  now: Date
  /** Why all of this is done, where one thing is: on every line that names no other cause. */
  cause?: { kind: string; id: string } & Record<string, unknown>
  /** The explanation of it: on every line that has none of its own. */
  why?: unknown
}

const DEADLOCK = '40P01'
const SERIALIZATION = '40001'
const ATTEMPTS = 4

/**
 * Runs `work` in one transaction. `lock`, where given, takes row locks first, so that `now` rises in the
 * order in which the changes of a row commit. Retried when Postgres chose this one to end a deadlock, so
 * `work` must have no effect outside the database.
 */
export async function transact<T>(
  db: Db,
  actor: Actor,
  work: (tx: Tx) => Promise<T>,
  lock?: (db: Transaction<Tables>) => Promise<unknown>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(async (trx) => {
        if (lock) await lock(trx)
        return work({ db: trx, actor, now: await readNow(trx) })
      })
    } catch (error) {
      const code = (error as { code?: string }).code
      if ((code !== DEADLOCK && code !== SERIALIZATION) || attempt === ATTEMPTS) throw error
    }
  }
}

export async function readNow(db: Db | Transaction<Tables>): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select tocsin_now() as now`.execute(db)
  return rows[0]!.now
}
