import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { type Reader, scopeOf, teamsWith } from '../auth/index.ts'
import type { Coverage } from './schema.ts'

type Concerned = Pick<Coverage, 'service_ids' | 'integration_id'>

/**
 * Throws unless the reader may keep this quiet. Whoever works on the alerts of some teams only must name services
 * that are theirs, or nobody's, or a source of theirs: labels alone would reach into the alerts of others.
 */
export async function demandQuiet(tx: Pick<Tx, 'db'>, reader: Reader, concerned: Concerned): Promise<void> {
  const [may] = await mayQuiet(tx.db, reader, [concerned])
  if (may) return
  const named = concerned.service_ids.length > 0 || concerned.integration_id !== null
  throw new DeskError(
    'forbidden',
    named
      ? 'It would silence what is another team’s.'
      : 'Name a service or a source of your teams: only administrators silence beyond.',
  )
}

/** The same question about many at once, answered in their order. */
export async function mayQuiet(
  db: Db | Transaction<Tables>,
  reader: Reader,
  concerned: Concerned[],
): Promise<boolean[]> {
  if (concerned.length === 0 || scopeOf(reader, 'alert.work') === 'all') return concerned.map(() => true)
  const teams = teamsWith(reader, 'alert.work')
  const services = [...new Set(concerned.flatMap(({ service_ids }) => service_ids))]
  const sources = [...new Set(concerned.flatMap(({ integration_id }) => integration_id ?? []))]
  const { rows } = await sql<{ id: string }>`
    select id from service where id = any(${services}::uuid[]) and (team_id is null or team_id = any(${teams}::uuid[]))
    union all
    select i.id from integration i left join service s on s.id = i.service_id
    where i.id = any(${sources}::uuid[]) and coalesce(i.team_id, s.team_id) = any(${teams}::uuid[])`.execute(
    db,
  )
  const mine = new Set(rows.map(({ id }) => id))
  // All that a window names must hold: a source of others is no matter where every service is one's own.
  return concerned.map(({ service_ids, integration_id }) =>
    service_ids.length > 0
      ? service_ids.every((id) => mine.has(id))
      : integration_id !== null && mine.has(integration_id),
  )
}
