import type { Db } from '@tocsin/db'
import { NO_RULES, publishRuleset, readAccounting, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { aTeam, someone } from './api.ts'
import { anIntegration } from './door.ts'
import { aContact, aPolicy } from './paging.ts'

const A_BODY = 20
/** Tickets that the storm guard of these rules lets open before one gathers the rest. */
const OPENINGS = 20

export interface Storm {
  alerts: number
  keys: number
  /** How long it lasts; 0: as fast as it is taken. */
  seconds: number
}

/** A source with somebody on call for it, whose rules know storms, and a service that its storm has not touched. */
export async function stormySource(db: Db): Promise<{ id: string; key: string }> {
  const team = await aTeam(db)
  const person = await someone(db, [{ role: 'agent', teamId: team }])
  await aContact(db, person.id, {})
  const policy = await aPolicy(db, [{ wait_ms: 0, targets: [{ kind: 'person', id: person.id }] }])
  const { rows } = await sql<{ id: string }>`
    insert into service (key, name, team_id) select key, jsonb_build_object('en', key), ${team}
    from unnest(array['shop', 'payments']) key returning id`.execute(db)
  const storm = { on: true, openings: OPENINGS, window_minutes: 5 }
  await transact(db, SYSTEM, (tx) =>
    publishRuleset(tx, { base: NO_RULES.version, rules: [], beside: { ...NO_RULES.beside, storm } }),
  )
  return anIntegration(db, { serviceId: rows[0]!.id, teamId: team, escalationPolicyId: policy })
}

/** Sends the storm, and once in its midst what `between` does. Answers how many events were taken. */
export async function sendStorm(
  address: string,
  { alerts, keys, seconds }: Storm,
  between: () => Promise<void>,
): Promise<void> {
  const began = performance.now()
  let other: Promise<void> | undefined
  for (let sent = 0; sent < alerts; sent += A_BODY) {
    const events = Array.from({ length: A_BODY }, (_, n) => {
      const key = (sent + n) % keys
      return {
        dedup_key: `storm-${key}`,
        title: `Check ${key} fails`,
        severity: 'error',
        labels: { alertname: `Check${key}` },
      }
    })
    await take(address, events)
    if (!other && sent >= alerts / 2) {
      other = between()
      // It is awaited in the end; until then what fails must not end the process.
      other.catch(() => undefined)
    }
    const early = began + (sent / alerts) * seconds * 1_000 - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
  }
  await other
}

/** Trouble of another service, by the same source. Answers its key. */
export async function failElsewhere(address: string): Promise<string> {
  const labels = { alertname: 'PaymentsDown', service: 'payments' }
  await take(address, [{ dedup_key: 'payments', title: 'Payments fail', severity: 'critical', labels }])
  return 'payments'
}

async function take(address: string, events: Record<string, unknown>[]): Promise<void> {
  const body = JSON.stringify({ events })
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  if (!answer.ok) throw new Error(`The door answered ${answer.status}.`)
  await answer.arrayBuffer()
}

/** Whether somebody was paged for the alert of this key since it came, by a ticket that is its own. */
export async function isPaged(db: Db, integrationId: string, key: string): Promise<boolean> {
  const { rows } = await sql`
    select from alert a join page p on p.ticket_id = a.ticket_id and p.created_at >= a.first_event_at
    where a.integration_id = ${integrationId} and a.dedup_key = ${key}
      and not exists (select from alert o where o.ticket_id = a.ticket_id and o.id <> a.id)`.execute(db)
  return rows.length > 0
}

/** What is left when it is over. */
export async function aftermath(db: Db, integrationId: string) {
  const { received, waiting, balanced } = await readAccounting(db, integrationId)
  const { rows } = await sql<{ incidents: number; alerts: number; heard: number; unplaced: number }>`
    select (select count(*)::int from correlated_ticket where integration_id = ${integrationId}) as incidents,
           count(*)::int as alerts, sum(count)::int as heard, count(*) filter (where ticket_id is null)::int as unplaced
    from alert where integration_id = ${integrationId}`.execute(db)
  return { received, waiting, balanced, ...rows[0]! }
}
