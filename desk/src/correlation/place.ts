import type { Impact, Severity } from '@tocsin/db'
import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Alert } from '../alert/index.ts'
import { keepInShadow, leaveShadow } from '../escalation/index.ts'
import { type OpenInput, openTickets } from '../ticket/index.ts'
import type { Context } from './context.ts'
import type { Subject } from '../event/index.ts'
import {
  type Claim,
  type Evidence,
  groupRow,
  isGathered,
  placeClaims,
  type Placing,
  STORM,
} from './placement.ts'
import { readView } from './view.ts'

export interface ClaimOfAlert extends Claim {
  alert: Alert
  subject: Subject
  cause: { kind: string; id: string }
}

export interface Placed {
  how: Placing['how']
  ticketId: string | null
  /** The service that the rule, the alert or its integration names. */
  serviceId: string | null
  /** Kept with the link: which rule, which version, which fields, which path, which ticket before. */
  evidence: Evidence
}

export const RANK = { critical: 4, error: 3, warning: 2, info: 1, ok: 0 }

export type Opening = Extract<Placing, { how: 'opened' }>

/** Finds or opens the ticket of each claim. Tickets that are joined stay locked. `seen`: what was open then. */
export async function placeAlerts(
  tx: Tx,
  context: Context,
  claims: ClaimOfAlert[],
): Promise<{ placed: Placed[]; seen: string | null }> {
  if (claims.length === 0) return { placed: [], seen: null }
  const { view, seen } = await readView(tx, context, claims)
  const placings = placeClaims(claims, view, context.rules.set.beside)
  const opened = await open(tx, context, claims, placings)
  await touchGroups(tx, claims, placings)
  await keepStorm(tx, context, placings, opened)
  await castShadow(tx, context, { opened: [...opened.values()], placings })
  const placed = placings.map((placing, index) => ({
    how: placing.how,
    serviceId: claims[index]!.serviceId,
    ticketId: 'ticket' in placing ? (opened.get(placing.ticket) ?? placing.ticket) : null,
    evidence: placing.evidence,
  }))
  return { placed, seen }
}

/** What an integration in shadow opens stays in shadow, until an alert of one that pages joins it. */
async function castShadow(
  tx: Tx,
  { integrationId, shadow }: Context,
  { opened, placings }: { opened: string[]; placings: Placing[] },
): Promise<void> {
  if (shadow) return keepInShadow(tx, integrationId, opened)
  const joined = placings.flatMap((placing) => (placing.how === 'joined' ? [placing.ticket] : []))
  // Those that were opened in this very batch are called by other names, and are in no shadow.
  await leaveShadow(tx, [...new Set(joined.filter((ticket) => !ticket.startsWith('new:')))])
}

/** Opens what is to be opened, and answers the tickets by what they were called until then. */
async function open(
  tx: Tx,
  context: Context,
  claims: ClaimOfAlert[],
  placings: Placing[],
): Promise<Map<string, string>> {
  const openings = placings.flatMap((placing, index) =>
    placing.how === 'opened' ? [{ placing, claim: claims[index]! }] : [],
  )
  if (openings.length === 0) return new Map()
  const worst = worstOf(claims, placings)
  const ruled: Tx = { ...tx, actor: { kind: 'rule', id: null } }
  const tickets = await openTickets(
    ruled,
    openings.map(({ placing, claim }) =>
      ticketOf(placing, claim, context, worst.get(placing.ticket) ?? 'ok'),
    ),
  )
  const made = openings.map((opening, index) => ({ ...opening, id: tickets[index]!.id }))
  await keepOpenings(tx, made, context)
  await pointGroups(
    tx,
    made.filter(({ placing }) => !placing.storm),
  )
  return new Map(made.map(({ placing, id }) => [placing.ticket, id]))
}

/** A ticket is as bad as the worst alert that arrived with it: which of them came first says nothing. */
function worstOf(claims: ClaimOfAlert[], placings: Placing[]): Map<string, Severity> {
  const worst = new Map<string, Severity>()
  for (const [index, placing] of placings.entries()) {
    if (!('ticket' in placing)) continue
    const { severity } = claims[index]!
    if (RANK[severity] > RANK[worst.get(placing.ticket) ?? 'ok']) worst.set(placing.ticket, severity)
  }
  return worst
}

/** The ticket that a claim opens. */
export function ticketOf(
  placing: Opening,
  claim: ClaimOfAlert,
  context: Context,
  severity: Severity,
): OpenInput {
  const { face } = claim.alert
  const { own } = claim.match
  const given: { impact: Impact; urgency: Impact } = context.severities[severity]
  const impact = own?.impact ?? given.impact
  const urgency = own?.urgency ?? given.urgency
  const serviceId = own?.service_id ?? claim.subject.service?.id ?? context.serviceId
  const labelled = claim.subject.service?.id === serviceId ? claim.subject.service : null
  const { title, description } = placing.storm ? stormWords(context) : wordsOf(face)
  return {
    kind: own?.opens === 'request' ? 'request' : 'incident',
    title,
    description,
    impact,
    urgency,
    channel: 'monitoring',
    source: context.system,
    serviceId,
    ciId: claim.subject.ci?.id ?? null,
    teamId: own?.team_id,
    // Without a word of ours the ticket's own service says whose it is.
    fallbackTeamId: own?.service_id ? undefined : (labelled?.teamId ?? context.teamId),
    symptomKey: placing.storm ? 'storm' : (face.labels.alertname ?? face.title).slice(0, 200),
    escalationPolicyId: own?.escalation_policy_id ?? context.escalationPolicyId,
    cause: claim.cause,
    why: {
      ...placing.evidence,
      integration: context.integrationId,
      severity,
      impact,
      urgency,
      service_from: serviceFrom(claim, context),
    },
  }
}

function serviceFrom({ match, subject, alert }: ClaimOfAlert, context: Context): string {
  if (match.own?.service_id) return 'rule'
  const { service } = subject
  if (!service || service.id === context.serviceId) return 'integration'
  return alert.face.labels.service?.toLowerCase() === service.key ? 'label' : 'configuration_item'
}

const wordsOf = (face: Alert['face']) => ({
  title: face.title,
  description: face.annotations.description ?? face.annotations.message ?? '',
})

const stormWords = ({ integration }: Context) => ({
  title: `Alert storm from ${integration}`,
  description: 'More tickets than the storm guard allows were about to open: this one gathers the rest.',
})

interface Made {
  placing: Opening
  claim: ClaimOfAlert
  id: string
}

// Whoever decides at the same time has committed by then.
const GATHER_AFTER = '2 seconds'

async function keepOpenings(tx: Tx, made: Made[], { rules }: Context): Promise<void> {
  const given = made.map(({ placing, claim, id }) => ({
    ticket_id: id,
    rule: claim.match.rule,
    rule_version: claim.match.version,
    integration_id: claim.integrationId,
    node_id: placing.storm ? null : claim.node,
    service_id: claim.serviceId,
    resolve_on: placing.storm ? 'all' : (claim.match.own?.resolve_on ?? 'all'),
    storm: placing.storm,
  }))
  const { service_map, same_ci } = rules.set.beside
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(ticket_id uuid, rule text, rule_version int,
        integration_id uuid, node_id uuid, service_id uuid, resolve_on text, storm boolean)
    ), looks as (
      insert into gathering (ticket_id, due_at)
      select ticket_id, ${tx.now}::timestamptz + ${GATHER_AFTER}::interval from given
      where node_id is not null and ${service_map.on || same_ci.on}
    )
    insert into correlated_ticket (ticket_id, rule, rule_version, integration_id, node_id, service_id, resolve_on, storm, opened_at)
    select ticket_id, rule, rule_version, integration_id, node_id, service_id, resolve_on, storm, ${tx.now} from given`.execute(
    tx.db,
  )
}

/** Each group's row points at its new ticket, and the ticket at the one before, whose trouble recurs. */
async function pointGroups(tx: Tx, made: Made[]): Promise<void> {
  if (made.length === 0) return
  const given = made.map(({ placing, claim, id }) => ({
    rule: claim.match.rule,
    group_key: groupRow(claim),
    ticket_id: id,
    before: placing.recurs,
  }))
  const { rows } = await sql<{ group_key: string }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(rule text, group_key text, ticket_id uuid, before uuid)
    ), recurring as (
      insert into ticket_link (from_id, to_id, kind, created_at)
      select ticket_id, before, 'recurs', ${tx.now} from given where before is not null
    )
    insert into correlation_group as c (rule, group_key, ticket_id, opened_at, last_at)
    select rule, group_key, ticket_id, ${tx.now}, ${tx.now} from given order by rule, group_key
    on conflict (rule, group_key) do update set
      ticket_id = excluded.ticket_id, opened_at = excluded.opened_at, last_at = excluded.last_at
    where c.ticket_id = (select before from given g where g.rule = c.rule and g.group_key = c.group_key)
    returning group_key`.execute(tx.db)
  if (rows.length !== given.length) throw new Error('Another worker opened a ticket of the same group.')
}

/** A window that rolls begins anew with every alert that joins. */
async function touchGroups(tx: Tx, claims: ClaimOfAlert[], placings: Placing[]): Promise<void> {
  const joined = claims.filter(
    ({ match }, index) => placings[index]!.how === 'joined' && (match.own?.window_minutes ?? null) !== null,
  )
  if (joined.length === 0) return
  const given = joined.map((claim) => ({ rule: claim.match.rule, group_key: groupRow(claim) }))
  await sql`
    update correlation_group c set last_at = ${tx.now}
    from (select distinct rule, group_key from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(rule text, group_key text)) g
    where c.rule = g.rule and c.group_key = g.group_key`.execute(tx.db)
}

/** A storm goes on from its latest alert; a new one begins with its ticket. */
async function keepStorm(
  tx: Tx,
  { integrationId }: Context,
  placings: Placing[],
  opened: Map<string, string>,
): Promise<void> {
  const gathered = placings.flatMap((one) => (isGathered(one) ? [one.ticket] : []))
  const ticket = gathered.at(-1)
  if (ticket === undefined) return
  await sql`
    insert into correlation_group as c (rule, group_key, ticket_id, opened_at, last_at)
    values (${STORM}, ${integrationId}, ${opened.get(ticket) ?? ticket}, ${tx.now}, ${tx.now})
    on conflict (rule, group_key) do update set ticket_id = excluded.ticket_id, last_at = excluded.last_at,
      opened_at = case when c.ticket_id = excluded.ticket_id then c.opened_at else excluded.opened_at end`.execute(
    tx.db,
  )
}
