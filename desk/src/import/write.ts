import { sql } from 'kysely'
import { type Line, record, SYSTEM, type Tx } from '../activity/index.ts'
import { holdTags } from '../tag/index.ts'
import type { Meaning } from './names.ts'
import type { Facets, ToldTicket } from './tell.ts'

interface Target {
  importId: string
  source: string
  meaning: Meaning
}
interface Story {
  id: string
  ticket: ToldTicket
  entries: Entry[]
}

/**
 * Writes tickets with their history, in one statement each for tickets, states, outcomes, messages and record. Those
 * that an earlier import brought stay as they are. Nobody is paged or told of the past. Answers ids by number there.
 */
export async function writeTickets(
  tx: Tx,
  target: Target,
  tickets: ToldTicket[],
): Promise<Map<string, string>> {
  const ids = await insertTickets(tx, target, tickets)
  const stories = tickets.flatMap((ticket): Story[] => {
    const id = ids.get(ticket.externalId)
    return id ? [{ id, ticket, entries: entriesOf(ticket) }] : []
  })
  const messageIds = await newIds(
    tx,
    stories.reduce((sum, { ticket }) => sum + ticket.comments.length, 0),
  )
  const states: object[] = []
  const messages: object[] = []
  const lines: Line[] = []
  for (const { id, ticket, entries } of stories)
    for (const [position, entry] of entries.entries()) {
      const revision = position + 1
      const base = {
        at: new Date(entry.at),
        subject: { kind: 'ticket', id },
        ticket: { id, revision },
        cause: { kind: 'import', id: target.importId },
      }
      if ('body' in entry) {
        const message = messageIds.pop()!
        messages.push({
          id: message,
          ticket_id: id,
          author_id: target.meaning('person', entry.author),
          body: entry.body,
          from_requester: entry.author !== null && entry.author === ticket.requester,
          at: base.at,
        })
        lines.push({ ...base, verb: 'note', after: { message } })
        continue
      }
      const facets = columnsOf(entry.facets, target.meaning)
      if (position === 0 || entry.changed.some((facet) => STATED.has(facet)))
        states.push(stateOf({ ticket_id: id, revision, at: base.at }, facets))
      lines.push(
        position === 0
          ? openingLine(base, ticket, facets)
          : { ...base, verb: entry.verb, ...told(entry, facets, target.meaning) },
      )
    }
  await insertStates(tx, states)
  await insertMessages(tx, messages)
  await insertOutcomes(tx, stories)
  await insertTags(tx, stories)
  // Whoever asked for the import is on its own lines; what happened back then they did not do.
  await record({ ...tx, actor: SYSTEM }, lines)
  return ids
}

function stateOf(base: object, facets: ReturnType<typeof columnsOf>) {
  const { state, pending_reason, priority, service_id, team_id, assignee_id } = facets
  return { ...base, state, pending_reason, priority, service_id, team_id, assignee_id }
}
const STATED = new Set<keyof Facets>(['state', 'pending_reason', 'priority', 'service', 'team', 'assignee'])

type Entry = (ToldTicket['steps'][number] & { before: Facets }) | ToldTicket['comments'][number]

/** Changes and comments in the order in which they happened; the opening is the first. */
function entriesOf({ steps, comments }: ToldTicket): Entry[] {
  const changes = steps.map((step, position) => ({
    ...step,
    before: steps[Math.max(0, position - 1)]!.facets,
  }))
  const [opening, ...rest] = changes
  return [opening!, ...[...rest, ...comments].toSorted((a, b) => a.at - b.at)]
}

/** The facets by their columns, names by what they mean. */
function columnsOf(facets: Facets, id: Meaning) {
  return {
    state: facets.state,
    pending_reason: facets.pending_reason,
    priority: facets.priority,
    impact: facets.impact,
    urgency: facets.urgency,
    service_id: id('service', facets.service),
    ci_id: id('item', facets.item),
    category_id: id('category', facets.category),
    symptom_key: facets.symptom,
    team_id: id('team', facets.team),
    assignee_id: id('person', facets.assignee),
  }
}
const COLUMN: Record<keyof Facets, keyof ReturnType<typeof columnsOf>> = {
  state: 'state',
  pending_reason: 'pending_reason',
  priority: 'priority',
  impact: 'impact',
  urgency: 'urgency',
  service: 'service_id',
  item: 'ci_id',
  category: 'category_id',
  symptom: 'symptom_key',
  team: 'team_id',
  assignee: 'assignee_id',
}

function told(
  entry: { changed: (keyof Facets)[]; before: Facets },
  after: ReturnType<typeof columnsOf>,
  meaning: Meaning,
) {
  const before = columnsOf(entry.before, meaning)
  const columns = entry.changed.map((facet) => COLUMN[facet])
  return {
    before: Object.fromEntries(columns.map((column) => [column, before[column]])),
    after: Object.fromEntries(columns.map((column) => [column, after[column]])),
  }
}

function openingLine(
  base: Omit<Line, 'verb'>,
  ticket: ToldTicket,
  facets: ReturnType<typeof columnsOf>,
): Line {
  const { priority, team_id, service_id } = facets
  const after = {
    kind: ticket.kind,
    state: 'new',
    priority,
    team: team_id,
    service: service_id,
    channel: 'import',
  }
  return { ...base, verb: 'open', after, visibility: 'public' }
}

async function insertTickets(
  tx: Tx,
  { source, meaning }: Target,
  tickets: ToldTicket[],
): Promise<Map<string, string>> {
  const given = tickets.map((ticket, position) => ({
    position,
    external_id: ticket.externalId,
    kind: ticket.kind,
    title: ticket.title,
    description: ticket.description,
    notes: ticket.comments.map(({ body }) => body).join(' '),
    requester_id: meaning('person', ticket.requester),
    reporter_id: meaning('person', ticket.reporter),
    location: ticket.location,
    fields: ticket.fields,
    resolution_code: ticket.resolutionCode,
    reopen_count: ticket.reopenCount,
    created_at: instant(ticket.createdAt),
    acknowledged_at: instant(ticket.acknowledgedAt),
    first_response_at: instant(ticket.firstResponseAt),
    resolved_at: instant(ticket.resolvedAt),
    closed_at: instant(ticket.closedAt),
    updated_at: instant(Math.max(ticket.steps.at(-1)!.at, ...ticket.comments.map(({ at }) => at))),
    revision: ticket.steps.length + ticket.comments.length,
    ...columnsOf(ticket.steps.at(-1)!.facets, meaning),
  }))
  const { rows } = await sql<{ id: string; externalId: string }>`
    insert into ticket (number, kind, state, pending_reason, title, description, impact, urgency, priority, service_id,
      ci_id, category_id, symptom_key, location, fields, requester_id, reporter_id, channel, source, external_id,
      organisation_id, brand_id, team_id, assignee_id, resolution_code, created_at, acknowledged_at, first_response_at,
      resolved_at, closed_at, updated_at, reopen_count, revision, language, search)
    select case g.kind when 'incident' then 'INC-' || nextval('ticket_incident_seq')
                       when 'request' then 'REQ-' || nextval('ticket_request_seq')
                       when 'problem' then 'PRB-' || nextval('ticket_problem_seq')
                       else 'CHG-' || nextval('ticket_change_seq') end,
      g.kind, g.state, g.pending_reason, g.title, g.description, g.impact, g.urgency, g.priority, g.service_id,
      g.ci_id, g.category_id, g.symptom_key, g.location, g.fields, g.requester_id, g.reporter_id, 'import', ${source},
      g.external_id, r.organisation_id, (select id from brand order by created_at limit 1), g.team_id, g.assignee_id,
      g.resolution_code, g.created_at, g.acknowledged_at, g.first_response_at, g.resolved_at, g.closed_at, g.updated_at,
      g.reopen_count, g.revision, coalesce(r.locale, 'en'),
      search_joined(search_document(concat_ws(' ', g.title, g.external_id, g.description)), search_message('note', g.notes))
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(
      position int, external_id text, notes text, kind text, state text, pending_reason text, title text, description text,
      impact text, urgency text, priority text, service_id uuid, ci_id uuid, category_id uuid, symptom_key text,
      location text, fields jsonb, requester_id uuid, reporter_id uuid, team_id uuid, assignee_id uuid,
      resolution_code text, created_at timestamptz(3), acknowledged_at timestamptz(3), first_response_at timestamptz(3),
      resolved_at timestamptz(3), closed_at timestamptz(3), updated_at timestamptz(3), reopen_count int, revision int)
    left join person r on r.id = g.requester_id
    where not exists (select from ticket t where t.source = ${source} and t.external_id = g.external_id)
    order by g.created_at, g.position
    on conflict (source, external_id) do nothing
    returning id, external_id as "externalId"`.execute(tx.db)
  return new Map(rows.map(({ id, externalId }) => [externalId, id]))
}

async function insertStates(tx: Tx, states: object[]): Promise<void> {
  await sql`
    insert into ticket_state (ticket_id, revision, at, state, pending_reason, priority, service_id, team_id, assignee_id)
    select * from jsonb_to_recordset(${JSON.stringify(states)}::jsonb) as g(
      ticket_id uuid, revision int, at timestamptz(3), state text, pending_reason text, priority text, service_id uuid,
      team_id uuid, assignee_id uuid)`.execute(tx.db)
}

/** As internal notes: the file does not say which of them a requester was meant to see. */
async function insertMessages(tx: Tx, messages: object[]): Promise<void> {
  if (messages.length === 0) return
  await sql`
    insert into message (id, ticket_id, author_id, kind, from_requester, body, channel, created_at)
    select g.id, g.ticket_id, g.author_id, 'note', g.from_requester, g.body, 'import', g.at
    from jsonb_to_recordset(${JSON.stringify(messages)}::jsonb) as g(
      id uuid, ticket_id uuid, author_id uuid, from_requester boolean, body text, at timestamptz(3))`.execute(
    tx.db,
  )
}

/** Met or breached as the other desk said; booked to the end, because when a promise broke is not in the file. */
async function insertOutcomes(tx: Tx, stories: Story[]): Promise<void> {
  const given = stories.flatMap(({ id, ticket }) =>
    ticket.outcomes.map(({ target, outcome, at }) => ({
      ticket_id: id,
      target,
      outcome,
      started_at: instant(ticket.createdAt),
      at: instant(at),
    })),
  )
  if (given.length === 0) return
  await sql`
    insert into sla_clock (ticket_id, target, imported, state, counted_at, started_at, stopped_at, breached_at)
    select g.ticket_id, g.target, true, g.outcome, g.at, g.started_at, g.at, case g.outcome when 'breached' then g.at end
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(
      ticket_id uuid, target text, outcome text, started_at timestamptz(3), at timestamptz(3))`.execute(tx.db)
}

async function insertTags(tx: Tx, stories: Story[]): Promise<void> {
  const given = stories.flatMap(({ id, ticket }) => ticket.tags.map((tag) => ({ id, tag })))
  if (given.length === 0) return
  await holdTags(tx, [...new Set(given.map(({ tag }) => tag))])
  await sql`
    insert into ticket_tag (ticket_id, tag_id, created_at)
    select g.id, coalesce(t.merged_into_id, t.id), ${tx.now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, tag text) join tag t on t.name = g.tag
    on conflict do nothing`.execute(tx.db)
}

async function newIds(tx: Tx, count: number): Promise<string[]> {
  if (count === 0) return []
  const { rows } = await sql<{ id: string }>`select uuidv7() as id from generate_series(1, ${count})`.execute(
    tx.db,
  )
  return rows.map(({ id }) => id).toReversed()
}

function instant(ms: number): string
function instant(ms: number | null): string | null
function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
