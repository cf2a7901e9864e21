import {
  DeskError,
  editEscalationPolicy,
  editIntegration,
  editService,
  overrideShift,
  setPatience,
  setSettings,
  SYSTEM,
  transact,
  type Tx,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Desk } from './history-desk.ts'
import { type CONFIGURED, PATIENCES } from './history-steps.ts'

/** Somebody changes the configuration, in the midst of everything. */
export async function configure(
  { on, sources, services, items, policies, schedule, agents, team }: Desk,
  { what, pick }: { what: (typeof CONFIGURED)[number]; pick: number },
): Promise<void> {
  const source = sources[pick % sources.length]!
  const service = services[pick % services.length]!
  const policy = [policies[0]!, policies[1]!, null][pick % 3]!
  const person = agents[pick % agents.length]!.id
  const does: Record<typeof what, (tx: Tx) => Promise<unknown>> = {
    patience: (tx) => setPatience(tx, source.id, PATIENCES[pick % PATIENCES.length]!),
    map: async (tx) => {
      const [from, to] = pick % 2 ? [services[0]!, services[1]!] : [services[2]!, services[0]!]
      const { rows } = await sql`
        delete from service_dependency where service_id = ${from} and depends_on_id = ${to} returning service_id`.execute(
        tx.db,
      )
      if (rows.length === 0) await sql`insert into service_dependency values (${from}, ${to})`.execute(tx.db)
    },
    item: (tx) =>
      sql`update configuration_item set service_id = ${pick % 4 ? service : null},
            archived_at = case when ${pick % 5 === 0} then ${tx.now}::timestamptz end
          where id = ${items[pick % items.length]}`.execute(tx.db),
    service: (tx) => editService(tx, service, { escalationPolicyId: policy }),
    severity: (tx) =>
      sql`update severity_mapping set opens = not opens where severity = ${pick % 2 ? 'warning' : 'info'}`.execute(
        tx.db,
      ),
    'source-policy': (tx) => editIntegration(tx, source.id, { escalationPolicyId: policy }),
    'source-service': (tx) => editIntegration(tx, source.id, { serviceId: pick % 4 ? service : null }),
    hold: (tx) => setSettings(tx, { recovery_hold_ms: [0, 15_000, 90_000][pick % 3]! }),
    zone: (tx) => setSettings(tx, { reporting_zone: ['UTC', 'Asia/Tokyo', 'Europe/Rome'][pick % 3]! }),
    override: (tx) =>
      overrideShift(tx, {
        scheduleId: schedule,
        personId: person,
        startsAt: new Date(tx.now.getTime() + (pick % 3) * 60_000),
        endsAt: new Date(tx.now.getTime() + 600_000),
      }),
    policy: (tx) =>
      editEscalationPolicy(tx, policies[pick % 2]!, {
        policy: {
          steps: [
            { wait_ms: (pick % 3) * 30_000, targets: [{ kind: 'person', id: person }] },
            { wait_ms: 90_000, targets: [{ kind: 'schedule', id: schedule }] },
          ],
          repeats: pick % 3,
        },
      }),
    person: (tx) =>
      sql`update person set archived_at = case when archived_at is null then ${tx.now}::timestamptz end
          where id = ${agents[2]!.id}`.execute(tx.db),
    shadow: async (tx) => {
      const { rows } = await sql<{ on: boolean }>`
        select shadow_since is not null as on from integration where id = ${source.id}`.execute(tx.db)
      await editIntegration(tx, source.id, { shadow: !rows[0]!.on })
    },
    duty: async (tx) => {
      const { rows } = await sql`
        delete from role_grant where person_id = ${agents[1]!.id} and role = 'on_call' returning person_id`.execute(
        tx.db,
      )
      if (rows.length === 0)
        await sql`insert into role_grant (person_id, role, team_id) values (${agents[1]!.id}, 'on_call', ${team})`.execute(
          tx.db,
        )
    },
  }
  await transact(on.base.db, SYSTEM, async (tx) => void (await does[what](tx))).catch((error: unknown) => {
    if (!(error instanceof DeskError)) throw error
  })
}
