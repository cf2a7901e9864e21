import type { Impact, Priority } from '@tocsin/db'
import { sql } from 'kysely'
import { record, type Tx } from '../activity/index.ts'
import { startEscalations } from '../escalation/index.ts'
import { type Decided, keepRoutes, routeNew } from '../routing/index.ts'
import { type ClockTicket, startClocks } from '../sla/index.ts'
import type { ChangeType, TicketKind } from './lifecycles.ts'
import { bringChecklists } from './checklist/index.ts'
import { askForLook } from './look.ts'

export type Channel = 'monitoring' | 'portal' | 'desk' | 'email' | 'api' | 'import'

export interface OpenInput {
  kind: TicketKind
  title: string
  description?: string
  impact: Impact
  urgency: Impact
  channel: Channel
  serviceId?: string | null
  ciId?: string | null
  categoryId?: string | null
  /** What recurs: tickets of one service with the same key are the same trouble. */
  symptomKey?: string | null
  requesterId?: string | null
  reporterId?: string | null
  source?: string | null
  externalId?: string | null
  organisationId?: string | null
  /** Whose it is, whatever the routing rules say. */
  teamId?: string | null
  /** Whose it is where no routing rule holds; absent: the service's team. */
  fallbackTeamId?: string | null
  assigneeId?: string | null
  parentId?: string | null
  fields?: Record<string, unknown>
  catalogueItemId?: string | null
  confidential?: boolean
  language?: string
  /** Of a change; absent: normal. */
  changeType?: ChangeType
  /** Whom an incident wakes; absent: the service's policy. */
  escalationPolicyId?: string | null
  cause?: { kind: string; id: string }
  why?: unknown
}

export interface OpenedTicket {
  id: string
  number: string
  kind: TicketKind
  priority: Priority
  teamId: string | null
  serviceId: string | null
  createdAt: Date
}

type OpenedRow = OpenedTicket &
  ClockTicket & { policyId: string | null; teamHow: TeamHow | null; teamFrom: string | null }

/** What said whose a ticket is: somebody, a routing rule, its source, its category or its service. */
type TeamHow = 'asked' | 'item' | 'rule' | 'source' | 'category' | 'service'

const MAX_TITLE = 500

/**
 * Opens tickets, in the order given, in one statement each for tickets, history, clocks, first escalation
 * steps and record. Team: as given, else by the routing rules, else the fallback, else the category's, else the
 * service's, each only while it is in use; priority from the impact and urgency table.
 */
export async function openTickets(tx: Tx, inputs: OpenInput[]): Promise<OpenedTicket[]> {
  if (inputs.length === 0) return []
  const routes = await routesOf(tx, inputs)
  const given = inputs.map((input, position) => ({
    position,
    kind: input.kind,
    title: input.title.slice(0, MAX_TITLE),
    description: input.description ?? '',
    impact: routes.get(position)?.route?.impact ?? input.impact,
    urgency: routes.get(position)?.route?.urgency ?? input.urgency,
    channel: input.channel,
    service_id: input.serviceId ?? null,
    ci_id: input.ciId ?? null,
    category_id: input.categoryId ?? null,
    symptom_key: input.symptomKey ?? null,
    requester_id: input.requesterId ?? null,
    reporter_id: input.reporterId ?? null,
    source: input.source ?? null,
    external_id: input.externalId ?? null,
    organisation_id: input.organisationId ?? null,
    ...askedTeam(input, routes.get(position)),
    assignee_id: input.assigneeId ?? null,
    parent_id: input.parentId ?? null,
    fields: input.fields ?? {},
    catalogue_item_id: input.catalogueItemId ?? null,
    confidential: input.confidential ?? false,
    language: input.language ?? null,
    policy_id: input.escalationPolicyId ?? null,
    change_type: input.changeType ?? 'normal',
  }))
  const { rows } = await sql<OpenedRow>`
    with asked as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(
        position int, kind text, title text, description text, impact text, urgency text, channel text, service_id uuid,
        ci_id uuid, category_id uuid, symptom_key text, requester_id uuid, reporter_id uuid, source text, external_id text,
        organisation_id uuid, team_id uuid, team_how text, assignee_id uuid, parent_id uuid, fields jsonb, catalogue_item_id uuid,
        confidential boolean, language text, policy_id uuid, change_type text)
    ), held as (
      -- Teams in use; whoever archives one of them in this moment waits for these tickets.
      select m.id from team m where m.archived_at is null and m.id in (
        select g.team_id from asked g
        union select s.team_id from asked g join service s on s.id = g.service_id
        union select a.team_id from asked g join category c on c.id = g.category_id join category a on a.id = any(c.path))
      for key share of m
    ), given as (
      select uuidv7() as id, g.*, coalesce(g.policy_id, s.escalation_policy_id) as policy,
             coalesce(h.id, k.id, d.id) as team,
             case when h.id is not null then g.team_how when k.id is not null then 'category'
                  when d.id is not null then 'service' end as how,
             case when h.id is null then coalesce(k.category_id, case when d.id is not null then s.id end) end as team_from
      from asked g
      left join service s on s.id = g.service_id
      left join held h on h.id = g.team_id
      left join held d on d.id = s.team_id
      left join lateral (
        select m.id, a.id as category_id from category c join category a on a.id = any(c.path) join held m on m.id = a.team_id
        where c.id = g.category_id order by cardinality(a.path) desc limit 1) k on true
      order by g.position
    ), opened as (
      insert into ticket (id, number, kind, state, title, description, impact, urgency, priority, service_id, ci_id,
        category_id, symptom_key, parent_id, language, confidential, fields, catalogue_item_id, requester_id, reporter_id,
        channel, source, external_id, organisation_id, brand_id, team_id, assignee_id, created_at, updated_at, search)
      select g.id,
        case g.kind when 'incident' then 'INC-' || nextval('ticket_incident_seq')
                    when 'request' then 'REQ-' || nextval('ticket_request_seq')
                    when 'problem' then 'PRB-' || nextval('ticket_problem_seq')
                    else 'CHG-' || nextval('ticket_change_seq') end,
        g.kind, 'new', g.title, g.description, g.impact, g.urgency, m.priority, g.service_id, g.ci_id, g.category_id,
        g.symptom_key, g.parent_id, coalesce(g.language, r.locale, 'en'), g.confidential, g.fields, g.catalogue_item_id,
        g.requester_id, g.reporter_id, g.channel, g.source, g.external_id, coalesce(g.organisation_id, r.organisation_id),
        (select id from brand order by created_at limit 1), g.team, g.assignee_id, ${tx.now}, ${tx.now},
        search_document(g.title || ' ' || g.description)
      from given g
      join priority_matrix m on m.impact = g.impact and m.urgency = g.urgency
      left join person r on r.id = g.requester_id
      order by g.position
      returning *
    ), history as (
      insert into ticket_state (ticket_id, revision, at, state, priority, service_id, team_id, assignee_id)
      select id, 1, created_at, state, priority, service_id, team_id, assignee_id from opened
    ), problems as (
      insert into problem (ticket_id) select id from opened where kind = 'problem'
    ), plans as (
      insert into change_plan (ticket_id, type) select o.id, g.change_type from opened o join given g on g.id = o.id
      where o.kind = 'change'
    )
    select o.id, o.number, o.kind, o.priority, o.team_id as "teamId", o.service_id as "serviceId",
           o.created_at as "createdAt", o.category_id as "categoryId", o.organisation_id as "organisationId",
           o.requester_id as "requesterId", g.policy as "policyId", g.how as "teamHow", g.team_from as "teamFrom"
    from opened o join given g on g.id = o.id order by g.position`.execute(tx.db)

  const checklists = await bringChecklists(
    tx,
    rows.map(({ id }) => id),
  )
  await record(
    tx,
    rows.map((ticket, position) => ({
      verb: 'open',
      subject: { kind: 'ticket', id: ticket.id },
      ticket: { id: ticket.id, revision: 1 },
      after: {
        kind: ticket.kind,
        state: 'new',
        priority: ticket.priority,
        team: ticket.teamId,
        service: ticket.serviceId,
        channel: inputs[position]!.channel,
        ...teamOnLine(ticket, routes.get(position)),
        ...(checklists.has(ticket.id) && { checklists: checklists.get(ticket.id) }),
      },
      cause: inputs[position]!.cause,
      why: inputs[position]!.why,
      visibility: 'public',
    })),
  )
  await keepRoutes(
    tx,
    [...routes].flatMap(([position, { route }]) => (route ? [{ ticketId: rows[position]!.id, route }] : [])),
  )
  await startClocks(tx, rows)
  await sql`
    update ticket t set due_at = c.due_at, next_at = c.due_at
    from (select ticket_id, min(due_at) as due_at from sla_clock
          where ticket_id = any(${rows.map((row) => row.id)}::uuid[]) and state = 'running' group by ticket_id) c
    where t.id = c.ticket_id`.execute(tx.db)
  await askForLook(tx, { teams: rows.filter((_, n) => !inputs[n]!.assigneeId).map(({ teamId }) => teamId) })
  await startEscalations(
    tx,
    rows
      .filter((ticket, position) => mayWake(ticket, inputs[position]!.channel))
      .map((ticket) => ({ ticketId: ticket.id, policyId: ticket.policyId })),
  )
  return rows.map(({ id, number, kind, priority, teamId, serviceId, createdAt }) => ({
    id,
    number,
    kind,
    priority,
    teamId,
    serviceId,
    createdAt,
  }))
}

/** What the routing rules say of those that come without a team or a person. */
const routesOf = (tx: Tx, inputs: OpenInput[]): Promise<Map<number, Decided>> =>
  routeNew(
    tx,
    inputs.flatMap((input, key) =>
      input.teamId || input.assigneeId
        ? []
        : [
            {
              key,
              kind: input.kind,
              channel: input.channel,
              title: input.title.slice(0, MAX_TITLE),
              impact: input.impact,
              urgency: input.urgency,
              service_id: input.serviceId ?? null,
              ci_id: input.ciId ?? null,
              category_id: input.categoryId ?? null,
              organisation_id: input.organisationId ?? null,
              requester_id: input.requesterId ?? null,
              language: input.language ?? null,
            },
          ],
    ),
  )

function askedTeam(
  { teamId, catalogueItemId, fallbackTeamId }: OpenInput,
  decided: Decided | undefined,
): { team_id: string | null; team_how: TeamHow } {
  if (teamId) return { team_id: teamId, team_how: catalogueItemId ? 'item' : 'asked' }
  if (decided?.route) return { team_id: decided.route.teamId, team_how: 'rule' }
  return { team_id: fallbackTeamId ?? null, team_how: 'source' }
}

/** Whose it is by what, if anybody's, and which rules held but were passed over, for their team is no more. */
function teamOnLine({ teamHow, teamFrom }: OpenedRow, decided: Decided | undefined) {
  const { route, passed = [] } = decided ?? {}
  return {
    ...((teamHow ?? passed.length > 0) && {
      team_by: { how: teamHow ?? 'none', from: teamFrom, ...(passed.length > 0 && { passed }) },
    }),
    ...(route && { route: { version: route.version, rule: route.rule, place: route.place } }),
  }
}

/** A fault that an employee reports waits in the queue, and wakes somebody only when many cannot work. */
function mayWake({ kind, priority }: OpenedTicket, channel: Channel): boolean {
  return kind === 'incident' && (channel !== 'portal' || priority === 'P1' || priority === 'P2')
}
