import { type Fact, idCheck, instantCheck } from './fact.ts'

/** One row an entry of time that somebody spent on a ticket; who it was stays in the record. */
export const workFact: Fact = {
  table: 'work_fact',
  columns: {
    id: 'e.id',
    ticket_id: 'e.ticket_id',
    minutes: 'e.minutes',
    at: 'e.at',
    created_at: 'e.created_at',
    removed: 'e.removed_at is not null',
    team_id: 't.team_id',
    service_id: 't.service_id',
    category_id: 't.category_id',
    priority: 't.priority',
    kind: 't.kind',
  },
  from: 'work_entry e join ticket t on t.id = e.ticket_id',
  key: 'e.id',
  checks: {
    entries: { clickhouse: 'count()', postgres: 'count(*)' },
    ids: idCheck('e.id'),
    spent: instantCheck('at', 'e.at'),
    minutes: {
      clickhouse: 'sumIf(minutes, not removed)',
      postgres: 'coalesce(sum(e.minutes) filter (where e.removed_at is null), 0)',
    },
  },
}
