import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Reader } from '../auth/index.ts'
import { cancelMaintenance, createMaintenance, demandQuiet } from '../maintenance/index.ts'
import { TOUCHED_ITEMS, TOUCHED_SERVICES } from './touched.ts'

interface Plan {
  title: string
  number: string
  quiet: boolean
  lives: boolean
  planned_start: Date | null
  planned_end: Date | null
  services: string[]
  items: string[]
  /** The services of all that it touches: whoever plans it must be allowed to keep them quiet. */
  concerned: string[]
}
interface Held {
  id: string
  starts_at: Date
  ends_at: Date
  service_ids: string[]
  ci_ids: string[]
}

/**
 * Lets a change's own maintenance windows follow its plan: there while it is scheduled and carried out, at its times,
 * over what it touches and nothing else. One window for services and one for items, because all that a window names
 * must hold. Throws `forbidden` where the reader may not keep that quiet.
 */
export async function followPlan(tx: Tx, reader: Reader, changeId: string): Promise<void> {
  const plan = await planOf(tx, changeId)
  const { rows: held } = await sql<Held>`
    select id, starts_at, ends_at, service_ids, ci_ids from maintenance
    where change_id = ${changeId} and cancelled_at is null and until > ${tx.now} order by id for update`.execute(
    tx.db,
  )
  const { planned_start: from, planned_end: to } = plan
  const wanted =
    plan.quiet && plan.lives && from && to && to > tx.now
      ? [
          { service_ids: plan.services, ci_ids: [] as string[] },
          { service_ids: [] as string[], ci_ids: plan.items },
        ].filter(({ service_ids, ci_ids }) => service_ids.length + ci_ids.length > 0)
      : []
  const stands = (window: (typeof wanted)[number], one: Held) =>
    +one.starts_at === +from! &&
    +one.ends_at === +to! &&
    same(one.service_ids, window.service_ids) &&
    same(one.ci_ids, window.ci_ids)
  const missing = wanted.filter((window) => !held.some((one) => stands(window, one)))
  if (missing.length > 0) await demandQuiet(tx, reader, { service_ids: plan.concerned, integration_id: null })
  // The next begins in the transaction in which the last one ends: what it holds is never let go between.
  for (const window of missing)
    await createMaintenance(tx, {
      ...window,
      kind: 'window',
      reason: `${plan.number} ${plan.title}`.slice(0, 500),
      matchers: [],
      condition: null,
      integration_id: null,
      starts_at: from!,
      ends_at: to!,
      zone: 'UTC',
      rrule: null,
      change_id: changeId,
    })
  for (const one of held)
    if (!wanted.some((window) => stands(window, one))) await cancelMaintenance(tx, one.id)
}

const same = (some: string[], others: string[]) =>
  some.length === others.length && some.every((id) => others.includes(id))

async function planOf(tx: Tx, changeId: string): Promise<Plan> {
  const { rows } = await sql<Plan>`
    with plan as (
      select t.title, t.number, c.quiet, t.state in ('scheduled', 'implement') as lives, c.planned_start, c.planned_end,
        ${TOUCHED_SERVICES} as services, ${TOUCHED_ITEMS} as items
      from ticket t join change_plan c on c.ticket_id = t.id where t.id = ${changeId}
    )
    select *, array(select unnest(services) union
                    select service_id from configuration_item where id = any(items) and service_id is not null) as concerned
    from plan`.execute(tx.db)
  return rows[0]!
}

/** Nothing is carried out any more: what the change kept quiet is heard again. */
export async function liftWindows(tx: Tx, changeId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from maintenance where change_id = ${changeId} and cancelled_at is null and until > ${tx.now}
    order by id for update`.execute(tx.db)
  for (const { id } of rows) await cancelMaintenance(tx, id)
}
