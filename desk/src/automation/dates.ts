import { type RawBuilder, sql } from 'kysely'
import type { BeforeTrigger } from './looks.ts'

export interface Within {
  /** Dates after it. */
  after: Date
  /** And up to it. */
  until: Date
  /** In which the days of fields begin. */
  zone: string
  /** Only tickets that were changed since; of fields, which no index knows by their dates. */
  changedSince?: Date
  /** Of tickets that have ended too: what a rule would have done. */
  past?: boolean
}

const OPEN = sql`t.state not in ('resolved', 'closed', 'cancelled')`

/** The dates of one kind that tickets have in a period: `ticket_id` and `at`. Each is found by its own index. */
export function datesOf(
  { date, field }: Pick<BeforeTrigger, 'date' | 'field'>,
  { after, until, zone, changedSince, past = false }: Within,
): RawBuilder<unknown> {
  const open = past ? sql`true` : OPEN
  const within = (at: RawBuilder<unknown>) =>
    sql`${at} > ${after}::timestamptz and ${at} <= ${until}::timestamptz`
  switch (date) {
    case 'response':
    case 'resolution':
    case 'update':
      return past
        ? sql`
          select c.ticket_id, coalesce(c.due_at, c.breached_at) as at from sla_clock c
          where c.target = ${date} and ${within(sql`coalesce(c.due_at, c.breached_at)`)}`
        : sql`
          select c.ticket_id, c.due_at as at from sla_clock c join ticket t on t.id = c.ticket_id
          where c.target = ${date} and c.stopped_at is null and c.breached_at is null and ${within(sql`c.due_at`)} and ${open}`
    case 'planned_start':
    case 'planned_end': {
      const at = sql.ref(`c.${date}`)
      return sql`
        select c.ticket_id, ${at} as at from change_plan c join ticket t on t.id = c.ticket_id where ${within(at)} and ${open}`
    }
    case 'pending_until':
      return sql`
        select t.id as ticket_id, t.pending_until as at from ticket t where ${within(sql`t.pending_until`)} and ${open}`
    case 'field':
      return sql`
        select t.id as ticket_id, d.at from ticket t
        cross join lateral (select t.fields ->> ${field} as day) a
        cross join lateral (
          select case when a.day ~ '^\\d{4}-\\d\\d-\\d\\d$' and pg_input_is_valid(a.day, 'date')
            then a.day::date::timestamp at time zone ${zone} end as at) d
        where ${open} and t.fields ? ${field} and ${within(sql`d.at`)}
          ${changedSince ? sql`and t.updated_at > ${changedSince}::timestamptz` : sql``}`
  }
}
