import { type Fact, idCheck } from './fact.ts'

/** Whose each integration is: its service's team, else its own. Few rows, copied whole when any of it changes. */
export const integrationFact: Fact = {
  table: 'integration_fact',
  columns: { id: 'i.id', team_id: 'coalesce(s.team_id, i.team_id)', service_id: 'i.service_id' },
  from: 'integration i left join service s on s.id = i.service_id',
  key: 'i.id',
  checks: {
    integrations: { clickhouse: 'count()', postgres: 'count(*)' },
    ids: idCheck('i.id'),
  },
}
