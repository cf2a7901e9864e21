import type { Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, found, type Tx } from '../activity/index.ts'
import { type Alert, lockAlerts, saveAlerts } from '../alert/index.ts'
import { fitKey } from '../event/index.ts'
import { claimOf } from './claim.ts'
import { type Context, readContext } from './context.ts'
import { type Match, type Rules, rulesOf } from './match.ts'
import { type ClaimOfAlert, placeAlerts } from './place.ts'
import { scheduleRecoveries } from './recover.ts'
import { readSubjects } from './subjects.ts'
import { recordChanges, writeLinks } from './write.ts'

interface Proposal {
  id: string
  alert_id: string
  integration_id: string
  dedup_key: string
  rule: string
  rule_version: number
  matched: Record<string, string>
}

/** Takes the integration's lock, as its worker does, before `now` is read: for `acceptProposal`. */
export async function lockProposal(db: Transaction<Tables>, id: string): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended(a.integration_id::text, 0))
    from proposal p join alert a on a.id = p.alert_id where p.id = ${id}`.execute(db)
}

/**
 * A person wants what the rule proposed: the ticket opens as it would have without the question, with the same
 * evidence, and takes in the other proposals of its group. `conflict` once the alert is over or somebody decided.
 */
export async function acceptProposal(tx: Tx, id: string): Promise<{ ticketId: string }> {
  const asked = await takeProposal(tx, id)
  const proposals = await takeGroup(tx, asked)
  const context = await readContext(tx, asked.integration_id)
  const match = await matchThen(tx, asked)
  const alerts = await lockAlerts(
    tx,
    asked.integration_id,
    proposals.map((one) => one.dedup_key),
  )
  const claims = await claimsOf(tx, context, match, proposals, alerts)
  const { placed } = await placeAlerts(tx, context, claims)
  const ticketId = placed[0]!.ticketId
  if (!ticketId) throw new DeskError('conflict', 'The rule opens nothing.')
  await saveAlerts(
    tx,
    asked.integration_id,
    claims.map(({ alert }) => ({
      ...alert,
      ticketId,
      state: { ...alert.state, status: alert.state.status === 'suppressed' ? 'firing' : alert.state.status },
      restraint: { ...alert.restraint, held: null, snoozedUntil: null },
    })),
  )
  const confirmed = { confirmed_by: tx.actor.id }
  await writeLinks(
    tx,
    claims.map(({ alert, episode }, index) => ({
      alertId: alert.id!,
      episode,
      ticketId,
      how: placed[index]!.how === 'opened' ? 'opened' : 'joined',
      evidence: { ...placed[index]!.evidence, ...confirmed },
    })),
  )
  await recordChanges(
    tx,
    claims.map(({ alert, episode, severity, cause }, index) => ({
      verb: 'accept',
      alertId: alert.id!,
      ticketId,
      cause,
      status: 'firing',
      episode,
      severity,
      why: { ...placed[index]!.evidence, ...confirmed, how: placed[index]!.how },
    })),
  )
  await scheduleRecoveries(tx, [ticketId], context.holdMs)
  await settle(tx, proposals, 'accepted', ticketId)
  return { ticketId }
}

/** A person does not want it: nothing takes this opening in, and the rule's page counts the disagreement. */
export async function declineProposal(tx: Tx, id: string): Promise<void> {
  const proposal = await takeProposal(tx, id)
  await settle(tx, [proposal], 'declined', null)
  const { rows } = await sql<{
    status: Alert['state']['status']
    episode: number
    severity: Alert['state']['severity']
  }>`
    update alert set held = nullif(held, 'proposed'), restraint = restraint || '{"apart": true}', updated_at = ${tx.now},
      revision = revision + 1
    where id = ${proposal.alert_id} returning status, episode, severity`.execute(tx.db)
  await recordChanges(tx, [
    {
      verb: 'decline',
      alertId: proposal.alert_id,
      ticketId: null,
      cause: { kind: 'proposal', id },
      ...rows[0]!,
      why: { rule: proposal.rule, version: proposal.rule_version, matched: proposal.matched },
    },
  ])
}

const COLUMNS = sql`p.id, p.alert_id, a.integration_id, a.dedup_key, p.rule, p.rule_version, p.evidence -> 'matched' as matched`
/** A proposal, aliased p over its alert a, holds while the episode that asked for it fires. */
export const PROPOSAL_LIVES = sql<boolean>`(p.state = 'open' and a.status <> 'resolved' and a.episode = p.episode and a.ticket_id is null)`

async function takeProposal(tx: Tx, id: string): Promise<Proposal> {
  const { rows } = await sql<Proposal & { state: string; lives: boolean }>`
    select ${COLUMNS}, p.state, ${PROPOSAL_LIVES} as lives
    from proposal p join alert a on a.id = p.alert_id where p.id = ${id} for update of p`.execute(tx.db)
  const proposal = found(rows[0], 'proposal')
  if (proposal.state !== 'open')
    throw new DeskError('conflict', `Somebody has decided already: it was ${proposal.state}.`)
  if (!proposal.lives)
    throw new DeskError('conflict', 'The alert no longer asks for a ticket: it is over, or has one.')
  return proposal
}

/** The proposal and those that would share its ticket. */
async function takeGroup(tx: Tx, asked: Proposal): Promise<Proposal[]> {
  const { rows } = await sql<Proposal>`
    select ${COLUMNS} from proposal p join alert a on a.id = p.alert_id
    where a.integration_id = ${asked.integration_id} and p.rule = ${asked.rule} and p.rule_version = ${asked.rule_version}
      and p.evidence -> 'matched' = ${JSON.stringify(asked.matched)}::jsonb and ${PROPOSAL_LIVES}
    order by p.id = ${asked.id} desc, p.id for update of p`.execute(tx.db)
  return rows
}

async function matchThen(tx: Tx, { rule, rule_version, matched }: Proposal): Promise<Match> {
  const rules = await rulesOf(tx.db, rule_version)
  return found(proposedBy(rules, rule, matched), 'rule')
}

/** The rule as it was when it proposed, its question answered. */
export function proposedBy({ set }: Rules, rule: string, matched: Record<string, string>): Match | undefined {
  const own = set.rules.find(({ id }) => id === rule)
  if (!own) return undefined
  const groupKey = fitKey(JSON.stringify(own.group_by.map((path) => matched[path] ?? '')))
  return { rule, version: set.version, own: { ...own, confirm: false }, groupKey, matched, terms: null }
}

async function claimsOf(
  tx: Tx,
  context: Context,
  match: Match,
  proposals: Proposal[],
  alerts: Map<string, Alert>,
): Promise<ClaimOfAlert[]> {
  const standing = proposals.map((proposal) => ({ proposal, alert: alerts.get(proposal.dedup_key)! }))
  const subjectOf = await readSubjects(
    tx,
    standing.map(({ alert }) => alert.face),
    context.serviceId,
  )
  return standing.map(({ proposal, alert }) =>
    claimOf(context, subjectOf, {
      alert,
      match,
      severity: alert.state.severity,
      cause: { kind: 'proposal', id: proposal.id },
      quiet: false,
    }),
  )
}

async function settle(
  tx: Tx,
  proposals: Proposal[],
  state: 'accepted' | 'declined',
  ticketId: string | null,
): Promise<void> {
  const decidedBy = tx.actor.kind === 'person' ? tx.actor.id : null
  await sql`
    update proposal set state = ${state}, ticket_id = ${ticketId}, decided_by = ${decidedBy}, decided_at = ${tx.now}
    where id = any(${proposals.map(({ id }) => id)}::uuid[])`.execute(tx.db)
}
