import type { Db } from '@tocsin/db'
import { DeskError, type Reader } from '@tocsin/desk'
import { sql } from 'kysely'
import { Id } from '../../route.ts'
import type { Kpi, KpiQuery } from './schema.ts'

const isId = (text: string) => Id.safeParse(text).success

/** The ids that a question's names stand for. */
export async function idsOf(
  db: Db,
  { team, service }: KpiQuery,
): Promise<{ team?: string; service?: string }> {
  const ids: { team?: string; service?: string } = {}
  if (team)
    ids.team = isId(team)
      ? team
      : await only(
          'team',
          sql`select id from team where lower(name) = lower(${team}) and archived_at is null`,
          db,
        )
  if (service)
    ids.service = isId(service)
      ? service
      : await only('service', sql`select id from service where key = lower(${service})`, db)
  return ids
}

async function only(path: string, query: ReturnType<typeof sql>, db: Db): Promise<string> {
  const { rows } = await query.execute(db)
  const found = (rows[0] as { id: string } | undefined)?.id
  if (found) return found
  throw new DeskError('invalid', `There is no such ${path}.`, { errors: [{ path, message: 'is not known' }] })
}

/** Names for the keys of a series, in the reader's language: one query for all of them. */
export async function labelsFor(
  db: Db,
  reader: Reader,
  kpi: Pick<Kpi, 'by' | 'series'>,
): Promise<Map<string, string>> {
  const keyed = kpi.by === 'symptom' ? 'service' : kpi.by
  if (keyed !== 'team' && keyed !== 'service' && keyed !== 'category') return new Map()
  const ids = kpi.series.map(({ key }) => key.split('|')[0]!).filter(isId)
  const inTheirLanguage = sql`coalesce(name ->> ${reader.person.locale}, name ->> 'en', key)`
  const { rows } = await sql<{ id: string; label: string }>`
    select id, ${keyed === 'team' ? sql`name` : inTheirLanguage} as label
    from ${sql.table(keyed)} where id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, label }) => [id, label]))
}
