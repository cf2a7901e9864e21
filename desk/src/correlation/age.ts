import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { transact, type Tx } from '../activity/index.ts'
import { lockDueAlerts, saveAlerts } from '../alert/index.ts'
import { endEscalations, inShadow, startEscalations } from '../escalation/index.ts'
import { askAgain, type Settled, settleAged, ticketsOf } from './ageing.ts'
import { type Context, readContext } from './context.ts'
import { heedSenders } from './heed.ts'
import { keepAgeing } from './journal.ts'
import { placeAlerts } from './place.ts'
import { propose } from './propose.ts'
import { scheduleRecoveries } from './recover.ts'
import { readSubjects } from './subjects.ts'
import { worsen } from './worsen.ts'
import { type AlertChange, recordChanges, writeLinks } from './write.ts'
import { writeHeldChanges } from './write-changes.ts'

const AT_ONCE = 500

/**
 * Alerts whose time has come: holds and snoozes end, the restless are calm, the silent expire. Integration by
 * integration, under the lock that the worker takes, so that time and events never decide at once.
 */
export async function sweepAlerts(db: Db): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select distinct integration_id as id from (
      select integration_id from alert where due_at <= (select tocsin_now()) order by due_at limit 5000) due`.execute(
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
      const subjectOf = await readSubjects(
        tx,
        due.map(({ face }) => face),
        context.serviceId,
      )
      const ageing = askAgain(context, subjectOf, due, tx.now.getTime())
      const { placed, seen } = await placeAlerts(
        tx,
        context,
        ageing.claims.map(({ claim }) => claim),
      )
      await write(tx, context, settleAged(ageing, placed))
      await keepAgeing(tx, { context, placedIn: seen, taken: due })
      return due.length
    },
    async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${integrationId}, 0))`.execute(trx)
    },
  )

async function write(tx: Tx, context: Context, settled: Settled[]): Promise<void> {
  await saveAlerts(
    tx,
    context.integrationId,
    settled.map(({ alert }) => alert),
  )
  await writeLinks(
    tx,
    settled.flatMap(({ alert, placed }) =>
      placed?.ticketId && (placed.how === 'opened' || placed.how === 'joined')
        ? [
            {
              alertId: alert.id!,
              episode: alert.state.episode,
              ticketId: placed.ticketId,
              how: placed.how,
              evidence: placed.evidence,
            },
          ]
        : [],
    ),
  )
  await propose(
    tx,
    settled.flatMap(({ alert, placed }) =>
      placed?.how === 'proposed'
        ? [{ alertId: alert.id!, episode: alert.state.episode, evidence: placed.evidence }]
        : [],
    ),
  )
  await worsen(
    tx,
    settled.flatMap(({ alert, placed }) =>
      placed?.how === 'joined'
        ? [{ ticketId: placed.ticketId!, alertId: alert.id!, severity: alert.state.severity }]
        : [],
    ),
  )
  await writeHeldChanges(tx, context.integrationId, settled)
  const changes = settled.flatMap(changeOf)
  await recordChanges(tx, changes)
  const tickets = (...which: Settled['outcome'][]) => ticketsOf(settled, which)
  await scheduleRecoveries(tx, tickets('expired', 'calmed'), context.holdMs)
  await still(tx, tickets('stilled'))
  await heedSenders(tx, changes)
  await pageAnew(tx, context, tickets('woken', 'released'))
}

const VERBS = {
  expired: 'resolve',
  released: 'release',
  woken: 'wake',
  stilled: 'hold',
  calmed: 'calm',
} as const

function changeOf({ alert, outcome, placed }: Settled): AlertChange[] {
  if (outcome === 'none') return []
  const why = placed
    ? { ...placed.evidence, how: placed.how }
    : alert.restraint.held
      ? { ...alert.restraint.held }
      : { rule: outcome }
  return [
    {
      verb: VERBS[outcome],
      alertId: alert.id!,
      ticketId: alert.ticketId,
      cause: undefined,
      status: alert.state.status,
      episode: alert.state.episode,
      severity: alert.state.severity,
      why,
    },
  ]
}

/** Pages under way stop for tickets of which every alert that fires is covered, or rests. */
export async function still(tx: Tx, ticketIds: string[]): Promise<void> {
  if (ticketIds.length === 0) return
  const { rows } = await sql<{ id: string }>`
    select t.id from ticket t where t.id = any(${ticketIds}::uuid[])
      and not exists (select from alert a where a.ticket_id = t.id and a.status in ('firing', 'acknowledged'))
    order by t.id`.execute(tx.db)
  await endEscalations(
    tx,
    rows.map(({ id }) => id),
    'stopped',
  )
}

/** A snooze or a window is over and the trouble is not: whoever is on call hears of it again. */
async function pageAnew(tx: Tx, { shadow }: Context, woken: string[]): Promise<void> {
  if (woken.length === 0) return
  // An integration in shadow wakes nobody by a ticket that pages, either.
  const ticketIds = shadow ? [...(await inShadow(tx, woken))] : woken
  const { rows } = await sql<{ ticketId: string; policyId: string }>`
    select distinct on (t.id) t.id as "ticketId", v.policy_id as "policyId"
    from ticket t join escalation e on e.ticket_id = t.id and not e.beside
    join escalation_policy_version v on v.id = e.policy_version_id
    where t.id = any(${ticketIds}::uuid[]) and t.state in ('new', 'in_progress', 'pending')
      and not exists (select from escalation r where r.ticket_id = t.id and r.state = 'running' and not r.beside)
    order by t.id, e.cycle desc`.execute(tx.db)
  await startEscalations(tx, rows)
}
