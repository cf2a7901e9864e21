import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { AlertFace } from '../alert/index.ts'
import type { Subject } from '../event/index.ts'

export type KnownService = NonNullable<Subject['service']>
export type KnownCi = NonNullable<Subject['ci']> & { serviceId: string | null }

/** Finds what alerts are about among what was read for their batch. */
export type SubjectOf = (face: Pick<AlertFace, 'labels' | 'host'>) => Subject

const serviceKeyOf = (face: Pick<AlertFace, 'labels'>) => face.labels.service?.toLowerCase()
const ciNameOf = (face: Pick<AlertFace, 'host'>) => face.host?.replace(/:\d+$/, '')

/**
 * The configuration items that hosts name and the services that labels name; else the integration's service, else
 * the item's.
 */
export async function readSubjects(
  tx: Tx,
  faces: Pick<AlertFace, 'labels' | 'host'>[],
  serviceId: string | null,
): Promise<SubjectOf> {
  const keys = [...new Set(faces.flatMap((face) => serviceKeyOf(face) ?? []))]
  const names = [...new Set(faces.flatMap((face) => ciNameOf(face) ?? []))]
  const { rows } = await sql<{ services: KnownService[] | null; cis: KnownCi[] | null }>`
    with ci as (
      select id, name, kind, attributes, service_id from configuration_item where archived_at is null and name = any(${names})
    )
    select
      (select jsonb_agg(jsonb_build_object('id', id, 'key', key, 'teamId', team_id)) from service
       where archived_at is null and (key = any(${keys}) or id = ${serviceId} or id in (select service_id from ci))) as services,
      (select jsonb_agg(jsonb_build_object('id', id, 'name', name, 'kind', kind, 'attributes', attributes,
                                           'serviceId', service_id)) from ci) as cis`.execute(tx.db)
  const { services, cis } = rows[0]!
  const byKey = new Map((services ?? []).map((service) => [service.key, service]))
  const byId = new Map((services ?? []).map((service) => [service.id, service]))
  const byName = new Map((cis ?? []).map((ci) => [ci.name, { ...ci, attributes: textAttributes(ci) }]))
  return subjectsAmong({ byKey, byId, byName }, serviceId)
}

/** What alerts are about, among services and configuration items that are known. */
export const subjectsAmong =
  (
    known: {
      byKey: Map<string, KnownService>
      byId: Map<string, KnownService>
      byName: Map<string, KnownCi>
    },
    serviceId: string | null,
  ): SubjectOf =>
  (face) => {
    const ci = known.byName.get(ciNameOf(face) ?? '') ?? null
    const service =
      known.byKey.get(serviceKeyOf(face) ?? '') ??
      known.byId.get(serviceId ?? '') ??
      known.byId.get(ci?.serviceId ?? '') ??
      null
    return { service, ci }
  }

export const textAttributes = ({
  attributes,
}: {
  attributes: Record<string, unknown>
}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
