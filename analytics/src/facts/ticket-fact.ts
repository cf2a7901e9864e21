import { type Fact, idCheck, instantCheck } from './fact.ts'

/** Merged into another, cancelled, or in shadow: stays in volume, is left out of times and quality. */
const LEFT_OUT = `(t.state = 'cancelled' or exists (
  select from ticket_link l where l.from_id = t.id and l.kind = 'duplicates' and l.removed_at is null) or exists (
  select from shadow_ticket h where h.ticket_id = t.id and h.left_at is null))`

/** One wide row a ticket. No free text: what can be erased never gets here. */
export const ticketFact: Fact = {
  table: 'ticket_fact',
  columns: {
    id: 't.id',
    number: 't.number',
    kind: 't.kind',
    state: 't.state',
    priority: 't.priority',
    team_id: 't.team_id',
    service_id: 't.service_id',
    organisation_id: 't.organisation_id',
    category_id: 't.category_id',
    symptom_key: 't.symptom_key',
    channel: 't.channel',
    source: 'coalesce(t.source, t.channel)',
    created_at: 't.created_at',
    acknowledged_at: 't.acknowledged_at',
    first_response_at: 't.first_response_at',
    resolved_at: 't.resolved_at',
    closed_at: 't.closed_at',
    reopen_count: 't.reopen_count',
    left_out: LEFT_OUT,
    response_state: `coalesce(response.state, '')`,
    response_due_at: 'response.due_at',
    response_breached_at: 'response.breached_at',
    response_stopped_at: 'response.stopped_at',
    resolution_state: `coalesce(resolution.state, '')`,
    resolution_due_at: 'resolution.due_at',
    resolution_breached_at: 'resolution.breached_at',
    resolution_stopped_at: 'resolution.stopped_at',
    revision: 't.revision',
  },
  from: `ticket t
    left join sla_clock response on response.ticket_id = t.id and response.target = 'response'
    left join sla_clock resolution on resolution.ticket_id = t.id and resolution.target = 'resolution'`,
  key: 't.id',
  checks: {
    tickets: { clickhouse: 'count()', postgres: 'count(*)' },
    ids: idCheck('t.id'),
    revisions: { clickhouse: 'sum(revision)', postgres: 'coalesce(sum(t.revision), 0)' },
    created: instantCheck('created_at', 't.created_at'),
    resolved: instantCheck('resolved_at', 't.resolved_at'),
    breaches: {
      clickhouse: 'count(response_breached_at) + count(resolution_breached_at)',
      postgres: 'count(response.breached_at) + count(resolution.breached_at)',
    },
    left_out: {
      clickhouse: 'countIf(left_out)',
      postgres: `count(*) filter (where ${LEFT_OUT})`,
    },
  },
}
