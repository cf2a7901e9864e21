import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { alertFromJson } from '../alert/index.ts'
import { DeskError } from '../activity/index.ts'
import { OPEN_STATES } from '../ticket/index.ts'
import { compileRules, NO_RULES, proposedBy, type Rules, type RulesetBody } from '../correlation/index.ts'
import { loadRotas } from '../oncall/index.ts'
import { FIRST_ID } from './journal.ts'
import type { Plans, PolicyVersion } from './paging.ts'
import type { Simulation } from './simulation.ts'
import { shows, type Snapshot, snapshotOf } from './snapshot.ts'
import { nameOf, type Ticket } from './standing.ts'
import { type Configured, World } from './world.ts'

export interface Checkpoint {
  id: string
  at: Date
  seen: Snapshot
}

/** The last moment before the period at which everything was kept. `conflict` where nothing was recorded yet. */
export async function findCheckpoint(db: Db, from: Date): Promise<Checkpoint> {
  const { rows } = await sql<{ id: string; at: Date; seen: string }>`
    select id, at, seen::text as seen from checkpoint where at <= ${from} order by at desc limit 1`.execute(
    db,
  )
  const row = rows[0]
  if (!row) throw new DeskError('conflict', 'What a replay needs is not kept so far back.')
  return { ...row, seen: snapshotOf(row.seen) }
}

// No transaction that changes configuration is under way for so long.
export const SETTLED_MS = 60_000

export interface Change {
  id: string
  at: number
  xid: number
  change: Configured
}

/** The configuration as the checkpoint saw it, and what was changed by then and not yet committed. */
export async function readWorld(
  db: Db,
  { id, at, seen }: Checkpoint,
): Promise<{ world: World; pending: Change[] }> {
  const world = new World()
  const pending: Change[] = []
  let after = FIRST_ID
  for (;;) {
    const { rows } = await sql<Configured & { id: string; at: Date; xid: number }>`
      select id, at, xid::text::bigint as xid, source, before, after from configuration_history
      where id > ${after} and id <= ${id} order by id limit 5000`.execute(db)
    for (const { id: place, at: made, xid, ...change } of rows)
      if (shows(seen, xid) || at.getTime() - made.getTime() > SETTLED_MS) world.apply(change)
      else pending.push({ id: place, at: made.getTime(), xid, change })
    if (rows.length < 5000) return { world, pending }
    after = rows.at(-1)!.id
  }
}

/** Whether a decision saw a change made before it. */
export const saw = (seen: Snapshot, decidedAt: number, { at, xid }: { at: number; xid: number }): boolean =>
  shows(seen, xid) || decidedAt - at > SETTLED_MS

export async function readPlans(db: Db, from: Date, to: Date): Promise<Plans> {
  const { rows } = await sql<Omit<PolicyVersion, 'effectiveFrom'> & { from: Date }>`
    select policy_id as policy, version, steps, repeats, effective_from as from from escalation_policy_version
    where effective_from <= ${to} order by version`.execute(db)
  const policies = rows.map(({ from: since, ...row }) => ({ ...row, effectiveFrom: since.getTime() }))
  const { rows: schedules } = await sql<{ id: string }>`select id from schedule`.execute(db)
  const rotas = await loadRotas(
    db,
    { from, to },
    schedules.map(({ id }) => id),
  )
  return {
    policies: Map.groupBy(policies, ({ policy }) => policy),
    rotas: new Map(rotas.map((rota) => [rota.id, rota])),
  }
}

/** The rules of every version, compiled when first asked for. */
export async function readRules(db: Db): Promise<(version: number) => Rules> {
  const { rows } = await sql<{
    version: number
    body: RulesetBody
  }>`select version, body from ruleset`.execute(db)
  const bodies = new Map(rows.map(({ version, body }) => [version, body]))
  const known = new Map<number, Rules>()
  return (version) => {
    const before = known.get(version)
    if (before) return before
    const made = compileRules({ ...(bodies.get(version) ?? NO_RULES), version })
    known.set(version, made)
    return made
  }
}

interface TicketRow {
  id: string
  kind: string
  state: (typeof OPEN_STATES)[number]
  opened_at: string
  /** Absent: from before it was kept. */
  shadow?: boolean
  correlated: {
    rule: string
    integration_id: string
    node_id: string | null
    service_id: string | null
    resolve_on: string
    storm: boolean
  } | null
  groups: { rule: string; group_key: string; last_at: string }[] | null
  recovery_due: string | null
  links: { integration: string; key: string; episode: number }[] | null
  escalation: {
    cycle: number
    policy: string
    version: number
    running: boolean
    position: number | null
    due_at: string | null
  } | null
}

interface ProposalRow {
  integration: string
  key: string
  rule: string
  version: number
  matched: Record<string, string>
}

/** Puts what stood at the checkpoint into the replays. */
export async function begin(
  db: Db,
  checkpoint: Checkpoint,
  { simulations, rules }: { simulations: Simulation[]; rules: (version: number) => Rules },
): Promise<void> {
  const of = async <T>(kind: string) => {
    const { rows } = await sql<{ body: T }>`
      select body from checkpoint_row where checkpoint_id = ${checkpoint.id} and kind = ${kind}`.execute(db)
    return rows.map(({ body }) => body)
  }
  const tickets = await of<TicketRow>('ticket')
  const alerts = await of<Record<string, unknown>>('alert')
  const proposals = await of<ProposalRow>('proposal')
  const { rows: openings } = await sql<{
    rule: string
    integration_id: string
    service_id: string | null
    storm: boolean
    opened_at: Date
    ticket_id: string
  }>`
    select rule, integration_id, service_id, storm, opened_at, ticket_id from correlated_ticket
    where opened_at > ${checkpoint.at}::timestamptz - interval '7 days' and opened_at <= ${checkpoint.at}
    order by opened_at, ticket_id`.execute(db)
  for (const { standing, proposed } of simulations) {
    for (const row of tickets) {
      standing.add(ticketOf(row))
      if (!OPEN_STATES.includes(row.state)) standing.close(standing.tickets.get(row.id)!)
      for (const { rule, group_key, last_at } of row.groups ?? [])
        standing.groups.set(`${rule} ${group_key}`, { ticket: row.id, lastAt: Date.parse(last_at) })
      if (row.recovery_due) standing.timers.set(`recovery ${row.id}`, Date.parse(row.recovery_due))
      const step = standing.tickets.get(row.id)!.cycle?.step
      if (step) standing.timers.set(`step ${row.id}`, step.dueAt)
    }
    for (const row of alerts) standing.put(String(row.integration_id), alertFromJson(row))
    for (const { integration, key, rule, version, matched } of proposals) {
      const match = proposedBy(rules(version), rule, matched)
      if (match) proposed.set(nameOf(integration, key), match)
    }
    for (const { rule, integration_id, service_id, storm, opened_at, ticket_id } of openings)
      standing.countOpening(
        { rule, integrationId: integration_id },
        { at: opened_at.getTime(), ticket: ticket_id, serviceId: service_id, storm },
      )
  }
}

function ticketOf({ id, kind, opened_at, shadow, correlated, links, escalation }: TicketRow): Ticket {
  return {
    id,
    kind,
    open: true,
    shadow: shadow ?? false,
    openedAt: Date.parse(opened_at),
    xid: null,
    founder: id,
    correlated: correlated && {
      rule: correlated.rule,
      integrationId: correlated.integration_id,
      node: correlated.node_id,
      serviceId: correlated.service_id,
      resolveOn: correlated.resolve_on,
      storm: correlated.storm,
    },
    standing: new Set(),
    linked: (links ?? []).map(({ integration, key, episode }) => ({
      name: nameOf(integration, key),
      episode,
    })),
    cycle: escalation && {
      cycle: escalation.cycle,
      policy: escalation.policy,
      version: escalation.version,
      step:
        escalation.running && escalation.due_at !== null && escalation.position !== null
          ? { position: escalation.position, dueAt: Date.parse(escalation.due_at) }
          : null,
    },
  }
}
