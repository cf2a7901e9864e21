import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import type { Override, Rotation, ScheduleVersion } from './schedule.ts'

/** A schedule with all that decides who is on within a span. */
export interface Rota {
  id: string
  name: string
  teamId: string
  versions: ScheduleVersion[]
  overrides: Override[]
}

interface RotaRow {
  id: string
  name: string
  team_id: string
  versions: { id: string; version: number; effective_from: string; zone: string; rotations: Rotation[] }[]
  overrides: { id: string; person_id: string; starts_at: string; ends_at: string; created_at: string }[]
}

/**
 * The rotas in force between two instants, both included: of these schedules, or of every one not archived.
 * One statement, whatever their number.
 */
export async function loadRotas(
  db: Db | Transaction<Tables>,
  span: { from: Date; to: Date },
  ids?: string[],
): Promise<Rota[]> {
  const { rows } = await sql<RotaRow>`
    select s.id, s.name, s.team_id,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', v.id, 'version', v.version, 'effective_from', v.effective_from,
                                            'zone', v.zone, 'rotations', v.rotations) order by v.version)
        from schedule_version v
        where v.schedule_id = s.id and v.effective_from <= ${span.to}
          and v.version >= coalesce((select max(w.version) from schedule_version w
                                     where w.schedule_id = s.id and w.effective_from <= ${span.from}), 0)
      ), '[]') as versions,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', o.id, 'person_id', o.person_id, 'starts_at', o.starts_at,
                                            'ends_at', least(o.ends_at, o.cancelled_at), 'created_at', o.created_at))
        from schedule_override o
        where o.schedule_id = s.id and o.ends_at > ${span.from} and o.starts_at <= ${span.to}
          and (o.cancelled_at is null or (o.cancelled_at > o.starts_at and o.cancelled_at > ${span.from}))
      ), '[]') as overrides
    from schedule s
    where ${ids ? sql`s.id = any(${ids}::uuid[])` : sql`s.archived_at is null`}
    order by lower(s.name), s.id`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    teamId: row.team_id,
    versions: row.versions.map(({ effective_from, ...version }) => ({
      ...version,
      scheduleId: row.id,
      effectiveFrom: new Date(effective_from),
    })),
    overrides: row.overrides.map((override) => ({
      id: override.id,
      scheduleId: row.id,
      personId: override.person_id,
      startsAt: new Date(override.starts_at),
      endsAt: new Date(override.ends_at),
      createdAt: new Date(override.created_at),
    })),
  }))
}
