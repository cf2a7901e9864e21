import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { recurrenceOf } from '../calendar/index.ts'
import { readSettings } from '../services/index.ts'
import { datesOf } from './dates.ts'
import type { BeforeTrigger } from './looks.ts'
import type { AutomationRule } from './rules.ts'

/**
 * Keeps in step with the rules what time itself starts: when each schedule comes next, and up to when each rule that
 * looks ahead of a date has looked. What is new, was off, or has other terms begins with what comes from now on.
 */
export async function keepTimes(tx: Tx, rules: readonly AutomationRule[]): Promise<void> {
  const on = rules.filter(({ enabled }) => enabled)
  await keepSchedules(tx, on)
  await keepReaches(tx, on)
}

async function keepSchedules(tx: Tx, rules: readonly AutomationRule[]): Promise<void> {
  const given = rules.flatMap(({ id, on }) => {
    if (on.kind !== 'schedule') return []
    const { starts_at, zone, rrule } = on
    const terms = { starts_at, zone, rrule }
    const next = recurrenceOf(terms)!.next(tx.now.getTime())
    return [{ rule: id, terms, next_at: next === null ? null : new Date(next) }]
  })
  await sql`delete from automation_schedule where rule <> all(${given.map(({ rule }) => rule)}::uuid[])`.execute(
    tx.db,
  )
  if (given.length === 0) return
  await sql`
    insert into automation_schedule as s (rule, terms, next_at)
    select rule, terms, next_at from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      as g(rule uuid, terms jsonb, next_at timestamptz(3)) order by rule
    on conflict (rule) do update set terms = excluded.terms, next_at = excluded.next_at, attempts = 0
    where s.terms <> excluded.terms`.execute(tx.db)
}

async function keepReaches(tx: Tx, rules: readonly AutomationRule[]): Promise<void> {
  const given = rules.flatMap(({ id, on }) => {
    if (on.kind !== 'before') return []
    const { date, field, minutes } = on
    return [{ rule: id, terms: { date, field, minutes } }]
  })
  const ids = given.map(({ rule }) => rule)
  await sql`delete from automation_reach where rule <> all(${ids}::uuid[])`.execute(tx.db)
  await sql`delete from automation_date where rule <> all(${ids}::uuid[])`.execute(tx.db)
  if (given.length === 0) return
  const { rows: begun } = await sql<{ rule: string; terms: Omit<BeforeTrigger, 'kind'> }>`
    insert into automation_reach as r (rule, terms, reached_at)
    select rule, terms, ${tx.now} from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(rule uuid, terms jsonb) order by rule
    on conflict (rule) do update set terms = excluded.terms, reached_at = excluded.reached_at
    where r.terms <> excluded.terms
    returning rule, terms`.execute(tx.db)
  if (begun.length === 0) return
  const { reporting_zone: zone } = await readSettings(tx.db)
  // What is near already was near before the rule was there.
  const near = begun.map(({ rule, terms }) => {
    const until = new Date(tx.now.getTime() + terms.minutes * 60_000)
    return sql`select ${rule}::uuid as rule, d.ticket_id, d.at from (${datesOf(terms, { after: tx.now, until, zone })}) d`
  })
  await sql`delete from automation_date where rule = any(${begun.map(({ rule }) => rule)}::uuid[])`.execute(
    tx.db,
  )
  await sql`insert into automation_date (rule, ticket_id, at) ${sql.join(near, sql` union all `)}`.execute(
    tx.db,
  )
}
