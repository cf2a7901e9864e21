import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Alert } from '../alert/index.ts'
import { type OpenInput, OPEN_STATES, openTickets } from '../ticket/index.ts'
import { type Context, type KnownService, readServices } from './context.ts'
import { type Claim, matchedFields, placeClaims, type Placing, RULE, RULE_VERSION } from './group.ts'

export interface ClaimOfAlert extends Claim {
  alert: Alert
  cause: { kind: string; id: string }
}

export interface Placed {
  how: Placing
  ticketId: string | null
  /** Kept with the link: which rule, which version, which fields, which incident before. */
  evidence: Record<string, unknown>
}

interface Group {
  ticketId: string
  open: boolean
}

const RANK = { critical: 4, error: 3, warning: 2, info: 1, ok: 0 }

/** Finds or opens the incident of each claim, in order. Tickets that are joined stay locked. */
export async function placeAlerts(tx: Tx, context: Context, claims: ClaimOfAlert[]): Promise<Placed[]> {
  if (claims.length === 0) return []
  const groups = await lockGroups(tx, context, [...new Set(claims.map((claim) => claim.groupKey))])
  const openGroups = new Set([...groups].filter(([, group]) => group.open).map(([key]) => key))
  const placings = placeClaims(claims, openGroups)
  const opened = await openIncidents(
    tx,
    context,
    groups,
    claims.filter((_, index) => placings[index] === 'opened'),
    claims,
  )
  return claims.map((claim, index) => {
    const how = placings[index]!
    const before = groups.get(claim.groupKey)
    return {
      how,
      ticketId: how === 'nothing' ? null : (opened.get(claim.groupKey) ?? before!.ticketId),
      evidence: {
        rule: RULE,
        version: RULE_VERSION,
        matched: matchedFields(claim.groupKey, claim.alert.face.labels),
        severity: claim.severity,
        opens: context.severities[claim.severity].opens,
        window: 'while the incident is open',
        ...(how === 'opened' && before && { recurs: before.ticketId }),
      },
    }
  })
}

// An integration's groups are its own: two Alertmanagers may well use the same group key.
const rowKey = (context: Context, groupKey: string) => `${context.integrationId} ${groupKey}`

/** The latest incident of each group. Its row is locked, so nobody ends it while alerts are joining. */
async function lockGroups(tx: Tx, context: Context, groupKeys: string[]): Promise<Map<string, Group>> {
  const keys = JSON.stringify(groupKeys.map((key) => rowKey(context, key)))
  const { rows } = await sql<{ group_key: string; id: string; state: string }>`
    select g.group_key, t.id, t.state from correlation_group g join ticket t on t.id = g.ticket_id
    where g.rule = ${RULE} and g.group_key in (select jsonb_array_elements_text(${keys}::jsonb))
    order by t.id for update of t`.execute(tx.db)
  const open: readonly string[] = OPEN_STATES
  return new Map(
    rows.map((row) => [
      row.group_key.slice(context.integrationId.length + 1),
      { ticketId: row.id, open: open.includes(row.state) },
    ]),
  )
}

async function openIncidents(
  tx: Tx,
  context: Context,
  groups: Map<string, Group>,
  openers: ClaimOfAlert[],
  claims: ClaimOfAlert[],
): Promise<Map<string, string>> {
  if (openers.length === 0) return new Map()
  const services = await readServices(tx, [...new Set(openers.flatMap((claim) => serviceKeyOf(claim) ?? []))])
  // As bad as the worst alert that arrived with it: which of them came first says nothing.
  const worst = new Map<string, ClaimOfAlert['severity']>()
  for (const { groupKey, severity } of claims)
    if (RANK[severity] > RANK[worst.get(groupKey) ?? 'ok']) worst.set(groupKey, severity)
  const ruled: Tx = { ...tx, actor: { kind: 'rule', id: null } }
  const tickets = await openTickets(
    ruled,
    openers.map((claim) =>
      incidentOf(claim, context, services.get(serviceKeyOf(claim) ?? ''), worst.get(claim.groupKey)!),
    ),
  )
  const opened = new Map(openers.map((claim, index) => [claim.groupKey, tickets[index]!.id]))
  await pointGroups(tx, context, groups, opened)
  return opened
}

const serviceKeyOf = (claim: ClaimOfAlert) => claim.alert.face.labels.service?.toLowerCase()

function incidentOf(
  claim: ClaimOfAlert,
  context: Context,
  labelled: KnownService | undefined,
  severity: ClaimOfAlert['severity'],
): OpenInput {
  const { face } = claim.alert
  const { impact, urgency } = context.severities[severity]
  return {
    kind: 'incident',
    title: face.title,
    description: face.annotations.description ?? face.annotations.message ?? '',
    impact,
    urgency,
    channel: 'monitoring',
    source: context.system,
    serviceId: labelled?.id ?? context.serviceId,
    teamId: (labelled ? labelled.teamId : context.serviceTeamId) ?? context.teamId,
    symptomKey: (face.labels.alertname ?? face.title).slice(0, 200),
    escalationPolicyId: context.escalationPolicyId,
    cause: claim.cause,
    why: {
      rule: RULE,
      version: RULE_VERSION,
      integration: context.integrationId,
      severity,
      impact,
      urgency,
      service_from: labelled ? 'label' : 'integration',
    },
  }
}

/** Each group's row points at its new incident, and the incident at the one before, whose trouble recurs. */
async function pointGroups(
  tx: Tx,
  context: Context,
  groups: Map<string, Group>,
  opened: Map<string, string>,
): Promise<void> {
  const given = [...opened].map(([groupKey, ticketId]) => ({
    group_key: rowKey(context, groupKey),
    ticket_id: ticketId,
    before: groups.get(groupKey)?.ticketId ?? null,
  }))
  const { rows } = await sql<{ group_key: string }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(group_key text, ticket_id uuid, before uuid)
    ), recurring as (
      insert into ticket_link (from_id, to_id, kind, created_at)
      select ticket_id, before, 'recurs', ${tx.now} from given where before is not null
    )
    insert into correlation_group as c (rule, group_key, ticket_id, opened_at)
    select ${RULE}, group_key, ticket_id, ${tx.now} from given order by group_key
    on conflict (rule, group_key) do update set ticket_id = excluded.ticket_id, opened_at = excluded.opened_at
    where c.ticket_id = (select before from given g where g.group_key = c.group_key)
    returning group_key`.execute(tx.db)
  if (rows.length !== given.length) throw new Error('Another worker opened an incident of the same group.')
}
