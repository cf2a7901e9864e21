import { sql } from 'kysely'
import { found, type Tx } from '../activity/index.ts'
import { REPORTING_ZONE, reportDue } from './shadow-report.ts'

/**
 * From now on what this integration opens pages nobody, and once a day its report goes to whoever says so; or what
 * it opens pages again. What it opened in shadow stays there. Saying it twice changes nothing.
 */
export async function setShadow(tx: Tx, integrationId: string, on: boolean): Promise<void> {
  const person = tx.actor.kind === 'person' ? tx.actor.id : null
  const { rows } = await sql<{ began: boolean }>`
    with before as (
      select id, shadow_since from integration where id = ${integrationId} and archived_at is null for update
    )
    update integration i set
      shadow_since = case when ${on} then coalesce(b.shadow_since, ${tx.now}) end,
      shadow_by = case when not ${on} then null when b.shadow_since is null then ${person}::uuid else i.shadow_by end
    from before b where i.id = b.id returning ${on} and b.shadow_since is null as began`.execute(tx.db)
  if (!found(rows[0], 'integration').began) return
  await sql`
    with today as (select (${tx.now}::timestamptz at time zone zone)::date as day, zone from ${REPORTING_ZONE} z)
    insert into shadow_report as r (integration_id, day, due_at, person_id)
    select ${integrationId}, day, ${reportDue(sql`day`)}, ${person}::uuid from today
    on conflict (integration_id, day) do update set person_id = excluded.person_id where r.told_at is null`.execute(
    tx.db,
  )
}
