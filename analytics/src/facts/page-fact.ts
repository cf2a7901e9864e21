import { type Fact, idCheck, instantCheck } from './fact.ts'

/** One row a page: a decision that a person must be told and answer, however many deliveries it took. */
export const pageFact: Fact = {
  table: 'page_fact',
  columns: {
    id: 'p.id',
    ticket_id: 'p.ticket_id',
    recipient_id: 'p.recipient_id',
    state: 'p.state',
    created_at: 'p.created_at',
    acknowledged_at: 'p.acknowledged_at',
    ended_at: 'p.ended_at',
    team_id: 't.team_id',
    service_id: 't.service_id',
    priority: 't.priority',
    kind: 't.kind',
  },
  from: 'page p join ticket t on t.id = p.ticket_id',
  key: 'p.id',
  checks: {
    pages: { clickhouse: 'count()', postgres: 'count(*)' },
    ids: idCheck('p.id'),
    created: instantCheck('created_at', 'p.created_at'),
    acknowledged: instantCheck('acknowledged_at', 'p.acknowledged_at'),
  },
}
