import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { checkCoverage, demandNamed, spansAhead } from './create.ts'
import type { Coverage, MaintenanceEdit } from './schema.ts'
import type { Span } from './spans.ts'

export interface StandingWindow extends Coverage {
  reason: string
  starts_at: Date
  ends_at: Date
  zone: string
  rrule: string | null
  until: Date
  author_id: string | null
  change_id: string | null
  cancelled_at: Date | null
  revision: number
}

/** A window that is planned or in force, locked. Throws `conflict` where it is over, or follows a change's plan. */
export async function lockWindow(tx: Tx, id: string): Promise<StandingWindow> {
  const row = await tx.db
    .selectFrom('maintenance')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  const window = found(row, 'maintenance window') as unknown as StandingWindow
  if (window.cancelled_at || window.until <= tx.now)
    throw new DeskError('conflict', 'It is over. Plan another one.')
  if (window.change_id)
    throw new DeskError('conflict', 'It follows the plan of its change: change its times and items there.')
  return window
}

/**
 * Changes a locked window, also while it is in force: what it covers, why, and until when. What has begun began when it
 * did. Whoever calls sees to the alerts that it holds. Throws `invalid`, and `stale` where `seen` is not the latest.
 */
export async function rewriteMaintenance(
  tx: Tx,
  { id, seen, ...given }: { id: string; window: StandingWindow; change: MaintenanceEdit; seen?: number },
): Promise<void> {
  const { window, change } = given
  if (seen !== undefined && seen < window.revision)
    throw new DeskError('stale', 'Somebody changed this meanwhile. Look at it again before you save.', {
      current: { revision: window.revision },
    })
  const next = { ...window, ...change }
  if (window.starts_at <= tx.now && +next.starts_at !== +window.starts_at)
    throw new DeskError('invalid', 'The window cannot be like this.', {
      errors: [{ path: 'starts_at', message: 'it has begun already' }],
    })
  checkCoverage(next)
  await demandNamed(tx, next)
  const { spans, until } = spansAhead(next, tx.now)
  await sql`
    update maintenance set reason = ${next.reason}, service_ids = ${next.service_ids}::uuid[],
      ci_ids = ${next.ci_ids}::uuid[], matchers = ${JSON.stringify(next.matchers)}::jsonb, condition = ${next.condition},
      integration_id = ${next.integration_id}, starts_at = ${next.starts_at}, ends_at = ${next.ends_at},
      zone = ${next.zone}, rrule = ${next.rrule}, until = ${new Date(until)}, revision = revision + 1
    where id = ${id}`.execute(tx.db)
  await moveSpans(tx, id, spans)
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'maintenance', id },
      before: { until: window.until.toISOString() },
      after: { fields: Object.keys(change), until: new Date(until).toISOString(), spans: spans.length },
      visibility: 'audit',
    },
  ])
}

/** Spans to come are those given; the one in force ends with its like of these, or now. */
async function moveSpans(tx: Tx, id: string, spans: Span[]): Promise<void> {
  await sql`
    with given as (
      select to_timestamp(g."startsAt" / 1000.0)::timestamptz(3) as starts_at, to_timestamp(g."endsAt" / 1000.0)::timestamptz(3) as ends_at
      from jsonb_to_recordset(${JSON.stringify(spans)}::jsonb) as g("startsAt" bigint, "endsAt" bigint)
    ), gone as (
      delete from maintenance_span s where s.maintenance_id = ${id} and s.starts_at > ${tx.now}
        and not exists (select from given g where g.starts_at = s.starts_at)
    ), moved as (
      update maintenance_span s set ends_at = greatest(${tx.now}::timestamptz(3),
        coalesce((select g.ends_at from given g where g.starts_at = s.starts_at), ${tx.now}::timestamptz(3)))
      where s.maintenance_id = ${id} and s.ends_at > ${tx.now}
        and (s.starts_at <= ${tx.now} or exists (select from given g where g.starts_at = s.starts_at))
    )
    insert into maintenance_span (maintenance_id, starts_at, ends_at)
    select ${id}, g.starts_at, g.ends_at from given g
    where g.ends_at > ${tx.now}
      and not exists (select from maintenance_span s where s.maintenance_id = ${id} and s.starts_at = g.starts_at)`.execute(
    tx.db,
  )
}
