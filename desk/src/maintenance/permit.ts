import { sql } from 'kysely'
import { DeskError, found, type Tx } from '../activity/index.ts'
import { mayInTeam, type Reader, scopeOf } from '../auth/index.ts'
import type { Coverage } from './schema.ts'

/**
 * Throws unless the reader may keep this quiet. Whoever works on the alerts of some teams only must name services
 * that are theirs, or nobody's, or a source of theirs: labels alone would reach into the alerts of others.
 */
export async function demandQuiet(
  tx: Pick<Tx, 'db'>,
  reader: Reader,
  { service_ids, integration_id }: Pick<Coverage, 'service_ids' | 'integration_id'>,
): Promise<void> {
  if (scopeOf(reader, 'alert.work') === 'all') return
  if (service_ids.length === 0 && !integration_id)
    throw new DeskError(
      'forbidden',
      'Name a service or a source of your teams: only administrators silence beyond.',
    )
  const { rows } = await sql<{ kind: 'service' | 'source'; teamId: string | null }>`
    select 'service' as kind, team_id as "teamId" from service where id = any(${service_ids}::uuid[])
    union all
    select 'source', coalesce(i.team_id, s.team_id) from integration i left join service s on s.id = i.service_id
    where i.id = ${integration_id}`.execute(tx.db)
  const may = ({ kind, teamId }: (typeof rows)[number]) =>
    mayInTeam(reader, 'alert.work', teamId) || (kind === 'service' && teamId === null)
  const services = rows.filter(({ kind }) => kind === 'service')
  const source = rows.find(({ kind }) => kind === 'source')
  if (services.length < new Set(service_ids).size) found(undefined, 'service')
  if (integration_id) found(source, 'integration')
  // All that the window names must hold: a source of others is no matter where every service is one's own.
  const mine = services.length > 0 ? services.every(may) : source !== undefined && may(source)
  if (!mine) throw new DeskError('forbidden', 'It would silence what is another team’s.')
}
