import type { Columns } from './divide.ts'

/** Tickets as the facts hold them. */
export const storedTickets = {
  from: 'ticket_fact final',
  columns: {
    team: 'team_id',
    service: 'service_id',
    category: 'category_id',
    priority: 'priority',
    kind: 'kind',
    channel: 'channel',
    source: 'source',
  } satisfies Columns,
  /** Merged duplicates, cancelled tickets and those in shadow stay in volume and are left out of times and quality. */
  kept: 'not left_out',
}

/** Tickets as the record holds them, aliased `t`. */
export const recordedTickets = {
  from: 'ticket t',
  columns: {
    team: 't.team_id',
    service: 't.service_id',
    category: 't.category_id',
    priority: 't.priority',
    kind: 't.kind',
    channel: 't.channel',
    source: 'coalesce(t.source, t.channel)',
  } satisfies Columns,
  kept: `t.state <> 'cancelled' and t.id not in (
    select from_id from ticket_link where kind = 'duplicates' and removed_at is null)
    and t.id not in (select ticket_id from shadow_ticket where left_at is null)`,
}
