import type { Db } from '@tocsin/db'
import { sql } from 'kysely'

const PIECE = 20_000

/**
 * Takes away an upload whose process died, some thousands of rows at a time; nobody can go on with it, so it is sent
 * again. Answers how many rows went.
 */
export async function sweepUploads(db: Db): Promise<number> {
  const { rows } = await sql<{ gone: number }>`
    with dead as materialized (
      select id from import where receiving_until < tocsin_now() order by receiving_until limit 1
      for update skip locked
    ), rows as (
      delete from import_row where (import_id, position) in (
        select r.import_id, r.position from dead join import_row r on r.import_id = dead.id limit ${PIECE})
      returning 1
    ), counted as (
      select count(*)::int as count from rows
    ), ended as (
      delete from import using dead, counted where import.id = dead.id and counted.count < ${PIECE} returning 1
    )
    select count + (select count(*)::int from ended) as gone from counted`.execute(db)
  return rows[0]!.gone
}
