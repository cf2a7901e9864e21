import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { transact, type Tx } from '../activity/index.ts'
import { ageAlert, type Aged, lockDueAlerts, saveAlerts } from '../alert/index.ts'
import { startEscalations } from '../escalation/index.ts'
import { type Context, readContext } from './context.ts'
import { RULE, RULE_VERSION } from './group.ts'
import { type ClaimOfAlert, placeAlerts, type Placed } from './place.ts'
import { scheduleRecoveries } from './recover.ts'
import { type AlertChange, recordChanges, writeLinks } from './write.ts'

const AT_ONCE = 500

/**
 * Alerts whose time has come: holds and snoozes end, the restless are calm, the silent expire. Integration by
 * integration, under the lock that the worker takes, so that time and events never decide at once.
 */
export async function sweepAlerts(db: Db): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select distinct integration_id as id from (
      select integration_id from alert where due_at <= tocsin_now() order by due_at limit 5000) due`.execute(
    db,
  )
  let taken = 0
  for (const { id } of rows) taken += await ageIntegration(db, id)
  return taken
}

const ageIntegration = (db: Db, integrationId: string): Promise<number> =>
  transact(
    db,
    { kind: 'rule', id: null },
    async (tx) => {
      const due = await lockDueAlerts(tx, integrationId, AT_ONCE)
      if (due.length === 0) return 0
      const context = await readContext(tx, integrationId)
      const aged = due.map((alert) => ageAlert(alert, null, tx.now.getTime()))
      await settle(tx, context, aged)
      return due.length
    },
    async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${integrationId}, 0))`.execute(trx)
    },
  )

async function settle(tx: Tx, context: Context, aged: Aged[]): Promise<void> {
  const asking = aged.filter(
    ({ outcome, alert }) =>
      outcome === 'released' && !alert.ticketId && context.severities[alert.state.severity].opens,
  )
  const placed = await placeAlerts(tx, context, asking.map(claimOf))
  const placedOf = new Map(asking.map((one, index) => [one, placed[index]!] as const))
  await saveAlerts(
    tx,
    context.integrationId,
    aged.map((one) => ({ ...one.alert, ticketId: placedOf.get(one)?.ticketId ?? one.alert.ticketId })),
  )
  await writeLinks(
    tx,
    [...placedOf].flatMap(([{ alert }, { how, ticketId, evidence }]) =>
      ticketId && how !== 'nothing'
        ? [{ alertId: alert.id!, episode: alert.state.episode, ticketId, how, evidence }]
        : [],
    ),
  )
  await recordChanges(
    tx,
    aged.flatMap((one) => changeOf(one, placedOf.get(one))),
  )
  const tickets = (which: Aged['outcome'][]) => [
    ...new Set(aged.flatMap(({ outcome, alert }) => (which.includes(outcome) && alert.ticketId) || [])),
  ]
  await scheduleRecoveries(tx, tickets(['expired', 'calmed']), context.holdMs)
  await pageAnew(tx, tickets(['woken']))
}

const claimOf = ({ alert }: Aged): ClaimOfAlert => ({
  key: alert.key,
  episode: alert.state.episode,
  groupKey: alert.groupKey,
  severity: alert.state.severity,
  mayOpen: true,
  alert,
  cause: { kind: 'alert', id: alert.id! },
})

const VERBS = { expired: 'resolve', released: 'release', woken: 'wake', calmed: 'calm' } as const

function changeOf({ alert, outcome }: Aged, placed: Placed | undefined): AlertChange[] {
  if (outcome === 'none') return []
  const why = placed ? { rule: RULE, version: RULE_VERSION, how: placed.how } : { rule: outcome }
  return [
    {
      verb: VERBS[outcome],
      alertId: alert.id!,
      ticketId: placed?.ticketId ?? alert.ticketId,
      cause: undefined,
      status: alert.state.status,
      episode: alert.state.episode,
      severity: alert.state.severity,
      why,
    },
  ]
}

/** A snooze is over and the trouble is not: whoever is on call hears of it again. */
async function pageAnew(tx: Tx, ticketIds: string[]): Promise<void> {
  if (ticketIds.length === 0) return
  const { rows } = await sql<{ ticketId: string; policyId: string }>`
    select distinct on (t.id) t.id as "ticketId", v.policy_id as "policyId"
    from ticket t join escalation e on e.ticket_id = t.id
    join escalation_policy_version v on v.id = e.policy_version_id
    where t.id = any(${ticketIds}::uuid[]) and t.state in ('new', 'in_progress', 'pending')
    order by t.id, e.cycle desc`.execute(tx.db)
  await startEscalations(tx, rows)
}
