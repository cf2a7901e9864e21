import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { transact, type Tx } from '../activity/index.ts'
import { ageAlert, type Aged, lockDueAlerts, saveAlerts } from '../alert/index.ts'
import { startEscalations } from '../escalation/index.ts'
import { claimOf, matchOf, senderGroupOf } from './claim.ts'
import { type Context, readContext } from './context.ts'
import { type ClaimOfAlert, placeAlerts, type Placed } from './place.ts'
import { propose } from './propose.ts'
import { scheduleRecoveries } from './recover.ts'
import { readSubjects, type SubjectOf } from './subjects.ts'
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
  const released = aged.filter(({ outcome, alert }) => outcome === 'released' && !alert.ticketId)
  const subjectOf = await readSubjects(
    tx,
    released.map(({ alert }) => alert.face),
    context.serviceId,
  )
  const claims = new Map(released.map((one) => [one, claimNow(context, subjectOf, one)] as const))
  const asking = released.filter((one) => claims.get(one)!.mayOpen)
  const placed = await placeAlerts(
    tx,
    context,
    asking.map((one) => claims.get(one)!),
  )
  const placedOf = new Map(asking.map((one, index) => [one, placed[index]!] as const))
  await saveAlerts(
    tx,
    context.integrationId,
    aged.map((one) => ({ ...one.alert, ticketId: placedOf.get(one)?.ticketId ?? one.alert.ticketId })),
  )
  await writeLinks(
    tx,
    [...placedOf].flatMap(([{ alert }, { how, ticketId, evidence }]) =>
      ticketId && (how === 'opened' || how === 'joined')
        ? [{ alertId: alert.id!, episode: alert.state.episode, ticketId, how, evidence }]
        : [],
    ),
  )
  await propose(
    tx,
    [...placedOf].flatMap(([{ alert }, { how, evidence }]) =>
      how === 'proposed' ? [{ alertId: alert.id!, episode: alert.state.episode, evidence }] : [],
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

function claimNow(context: Context, subjectOf: SubjectOf, { alert }: Aged): ClaimOfAlert {
  const { severity } = alert.state
  const senderGroup = senderGroupOf(alert.groupKey)
  const match = matchOf(context, subjectOf, { face: alert.face, key: alert.key, severity, senderGroup })
  return claimOf(context, subjectOf, {
    alert,
    match,
    severity,
    cause: { kind: 'alert', id: alert.id! },
    quiet: false,
  })
}

const VERBS = { expired: 'resolve', released: 'release', woken: 'wake', calmed: 'calm' } as const

function changeOf({ alert, outcome }: Aged, placed: Placed | undefined): AlertChange[] {
  if (outcome === 'none') return []
  const why = placed ? { ...placed.evidence, how: placed.how } : { rule: outcome }
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
