import { sql } from 'kysely'
import { lastPlace, recordOnTickets, type Tx } from '../activity/index.ts'
import { type EscalationTarget, resolveTargets, startEscalations } from '../escalation/index.ts'
import { tagTicket, untagTicket } from '../tag/index.ts'
import {
  addPoints,
  assignTicket,
  editTicket,
  letFollow,
  linkTickets,
  moveTicket,
  noteOnTicket,
  openTickets,
  replyToTicket,
  rerouteTicket,
  resolveTicket,
  cancelTicket,
  reopenTicket,
  setStatus,
  type PendingReason,
} from '../ticket/index.ts'
import type { TriggerFacts } from '../trigger/index.ts'
import { calledBody, keepDeliveries, readToldTickets } from '../webhook/index.ts'
import { fill } from './fill.ts'
import type { RuleAction } from './does.ts'
import { keepOpened } from './opened.ts'
import type { AutomationRule } from './rules.ts'

export interface Acting {
  rule: AutomationRule
  version: number
  /** The firing. */
  firing: string
  ticketId: string
  facts: TriggerFacts
  publicUrl: string
}

/** What an action came to, kept with its firing: ids and words. */
export type Came = Record<string, unknown>

/** One action on one ticket, by the verbs that people use. Throws what they throw. */
export async function act(tx: Tx, action: RuleAction, acting: Acting): Promise<Came> {
  const { ticketId: id, facts } = acting
  switch (action.do) {
    case 'set': {
      const { impact, urgency, service_id: serviceId, category_id: categoryId, confidential, fields } = action
      await editTicket(tx, { id, impact, urgency, serviceId, categoryId, confidential, fields })
      return {}
    }
    case 'assign': {
      const teamId = action.team_id ?? undefined
      await assignTicket(tx, { id, teamId, assigneeId: action.assignee_id ?? (teamId ? undefined : null) })
      return {}
    }
    case 'route':
      await rerouteTicket(tx, { id })
      return {}
    case 'move':
      await move(tx, id, action)
      return {}
    case 'status':
      await setStatus(tx, { id, statusId: action.status_id })
      return {}
    case 'checklist':
      await addPoints(tx, { ticketId: id, templateId: action.template_id })
      return {}
    case 'watch':
      await letFollow(tx, { id, personIds: action.person_ids })
      return {}
    case 'tag':
      await tagTicket(tx, { id, names: action.names })
      return {}
    case 'untag':
      await untagTicket(tx, { id, names: [action.name] })
      return {}
    case 'note':
      return { message: await noteOnTicket(tx, { id, body: fill(action.text, facts, 'markdown') }) }
    case 'reply':
      return { message: await replyToTicket(tx, { id, body: fill(action.text, facts, 'markdown') }) }
    case 'tell':
      return tell(tx, action, acting)
    case 'page':
      return page(tx, action.policy_id, acting)
    case 'open':
      return open(tx, action, acting)
    case 'call':
      return call(tx, action.webhook_id, acting)
  }
}

function move(tx: Tx, id: string, { move: step, reason }: Extract<RuleAction, { do: 'move' }>) {
  if (step === 'resolve') return resolveTicket(tx, { id })
  if (step === 'cancel') return cancelTicket(tx, { id })
  if (step === 'reopen') return reopenTicket(tx, { id })
  return moveTicket(tx, { id, reason: reason as PendingReason | undefined }, step)
}

/** One line, from which the notices are made: each person is told once, with the words kept beside the firing. */
async function tell(tx: Tx, action: Extract<RuleAction, { do: 'tell' }>, acting: Acting): Promise<Came> {
  if (await inShadow(tx, acting.ticketId)) return { told: 0, reason: 'shadow' }
  const targets: EscalationTarget[] = [
    ...action.person_ids.map((id) => ({ kind: 'person' as const, id })),
    ...action.team_ids.map((id) => ({ kind: 'team' as const, id })),
  ]
  const reach = await resolveTargets(tx, targets)
  const people = [...new Set(targets.flatMap((target) => reach(target).map(({ personId }) => personId)))]
  if (people.length === 0) return { told: 0, reason: 'nobody' }
  await recordOnTickets(tx, [
    {
      ticketId: acting.ticketId,
      verb: 'rule-tell',
      subject: { kind: 'ticket', id: acting.ticketId },
      after: { people, action: acting.rule.actions.indexOf(action) },
    },
  ])
  return { told: people.length, text: fill(action.text, acting.facts) }
}

const inShadow = async (tx: Tx, ticketId: string): Promise<boolean> => {
  const { rows } = await sql`
    select from shadow_ticket where ticket_id = ${ticketId} and left_at is null`.execute(tx.db)
  return rows.length > 0
}

/** Begins an escalation beside what pages already; one by the same policy goes on as it is. */
async function page(tx: Tx, policyId: string, { ticketId }: Acting): Promise<Came> {
  const { rows } = await sql`
    select from escalation e join escalation_policy_version v on v.id = e.policy_version_id
    where e.ticket_id = ${ticketId} and e.state = 'running' and v.policy_id = ${policyId}`.execute(tx.db)
  if (rows.length > 0) return { paged: false, reason: 'already-paging' }
  const { rows: ended } = await sql`
    select from ticket where id = ${ticketId} and state in ('resolved', 'closed', 'cancelled')`.execute(tx.db)
  if (ended.length > 0) return { paged: false, reason: 'over' }
  await startEscalations(tx, [{ ticketId, policyId, cause: tx.cause, beside: true }])
  return { paged: true }
}

async function open(tx: Tx, action: Extract<RuleAction, { do: 'open' }>, acting: Acting): Promise<Came> {
  const { rows } = await sql<{
    impact: 'high' | 'medium' | 'low'
    urgency: 'high' | 'medium' | 'low'
    service_id: string | null
    requester_id: string | null
    confidential: boolean
    language: string
  }>`select impact, urgency, service_id, requester_id, confidential, language from ticket where id = ${acting.ticketId}`.execute(
    tx.db,
  )
  const from = rows[0]!
  const [made] = await openTickets(tx, [
    {
      kind: action.kind,
      title: fill(action.title, acting.facts),
      description: fill(action.text, acting.facts, 'markdown'),
      impact: from.impact,
      urgency: from.urgency,
      channel: 'desk',
      serviceId: from.service_id,
      requesterId: from.requester_id,
      confidential: from.confidential,
      language: from.language,
      cause: tx.cause,
      why: tx.why,
    },
  ])
  await linkTickets(tx, { fromId: acting.ticketId, toId: made!.id, kind: action.link, why: tx.why })
  await keepOpened(tx, made!.id)
  return { opened: made!.number }
}

async function call(tx: Tx, webhookId: string, acting: Acting): Promise<Came> {
  const { rows } = await sql<{ state: 'on' | 'off' | 'stopped'; confidential: boolean }>`
    select state, confidential from webhook where id = ${webhookId} and archived_at is null for key share`.execute(
    tx.db,
  )
  const webhook = rows[0]
  if (!webhook || webhook.state === 'off') return { called: false, reason: webhook ? 'off' : 'archived' }
  const ticket = (await readToldTickets(tx.db, [acting.ticketId])).get(acting.ticketId)!
  if (ticket.confidential && !webhook.confidential) return { called: false, reason: 'confidential' }
  const { rule, version, firing } = acting
  const told = { id: rule.id, name: rule.name, version, firing }
  const [delivery] = await keepDeliveries(tx, [
    {
      webhook_id: webhookId,
      activity_id: null,
      ticket_id: acting.ticketId,
      place: await lastPlace(tx.db),
      stopped: webhook.state === 'stopped',
      ...calledBody(tx.now, ticket, told, acting.publicUrl),
    },
  ])
  await recordOnTickets(tx, [
    {
      ticketId: acting.ticketId,
      verb: 'rule-call',
      subject: { kind: 'ticket', id: acting.ticketId },
      after: { webhook: webhookId, delivery },
    },
  ])
  return { called: true, delivery }
}
