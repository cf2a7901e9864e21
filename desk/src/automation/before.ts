import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'
import { readSettings } from '../services/index.ts'
import { datesOf } from './dates.ts'
import { automationInForce, fire } from './fire.ts'
import type { BeforeTrigger } from './looks.ts'
import type { AutomationRules } from './rules.ts'
import { occasionsOfWaiting } from './waited.ts'

const BATCH = 500
/** Where nothing comes near, it is written down this seldom how far was looked. */
const KEPT_EACH_MS = 10 * 60_000
/** A change that commits late was made earlier than it is seen. */
const LATE_MS = 5 * 60_000

interface Ahead {
  rule: string
  on: BeforeTrigger
}

/**
 * Lets rules act some time before dates that tickets have: each date of a ticket once, and again where it moves. A date
 * that somebody sets nearer than that counts at once; so does one that came while no engine was there.
 */
export async function sweepDates(db: Db): Promise<number> {
  const { rows } = await sql`select from automation_reach limit 1`.execute(db)
  if (rows.length === 0) return 0
  const rules = await automationInForce(db as unknown as Transaction<Tables>)
  let count = 0
  for (const { rule } of rules.live)
    if (rule.on.kind === 'before') count += await lookAhead(db, rules, { rule: rule.id, on: rule.on })
  return count
}

function lookAhead(db: Db, rules: AutomationRules, ahead: Ahead): Promise<number> {
  let reached: Date | undefined
  return transact(
    db,
    SYSTEM,
    async (tx) => (reached ? goOn(tx, rules, ahead, reached) : 0),
    async (trx) => {
      const { rows } = await sql<{ reached_at: Date }>`
        select reached_at from automation_reach where rule = ${ahead.rule} for update skip locked`.execute(
        trx,
      )
      reached = rows[0]?.reached_at
    },
  )
}

async function goOn(tx: Tx, rules: AutomationRules, { rule, on }: Ahead, reached: Date): Promise<number> {
  const { reporting_zone: zone } = await readSettings(tx.db)
  const anotherDay = on.date === 'field' && newDay(on, reached, tx.now, zone)
  const within = {
    after: reached,
    until: new Date(tx.now.getTime() + on.minutes * 60_000),
    zone,
    changedSince: anotherDay ? undefined : new Date(reached.getTime() - LATE_MS),
  }
  const { rows: near } = await sql<{ ticket_id: string; at: Date }>`
    select d.ticket_id, d.at from (${datesOf(on, within)}) d
    where not exists (select from automation_date m where m.rule = ${rule} and m.ticket_id = d.ticket_id and m.at = d.at)
    order by d.at, d.ticket_id limit ${BATCH}`.execute(tx.db)
  const occasions = await occasionsOfWaiting(
    tx,
    { kind: 'before', rule },
    near.map(({ ticket_id, at }) => ({ ticketId: ticket_id, of: at })),
  )
  await fire(tx, rules, occasions)
  await keepLooked(tx, rule, near)
  const longAgo = tx.now.getTime() - reached.getTime() > KEPT_EACH_MS
  if (near.length < BATCH && (near.length > 0 || anotherDay || longAgo)) await forgetPassed(tx, rule)
  return near.length
}

/** Whether another day than when it last looked has come within reach: the days of fields begin together. */
function newDay(on: BeforeTrigger, reached: Date, now: Date, zone: string): boolean {
  const day = (from: Date) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(from.getTime() + on.minutes * 60_000)
  return day(reached) !== day(now)
}

async function keepLooked(tx: Tx, rule: string, near: { ticket_id: string; at: Date }[]): Promise<void> {
  if (near.length === 0) return
  await sql`
    insert into automation_date (rule, ticket_id, at)
    select ${rule}, ticket_id, at from jsonb_to_recordset(${JSON.stringify(near)}::jsonb) as g(ticket_id uuid, at timestamptz(3))
    order by ticket_id
    on conflict (rule, ticket_id) do update set at = excluded.at`.execute(tx.db)
}

async function forgetPassed(tx: Tx, rule: string): Promise<void> {
  await sql`update automation_reach set reached_at = ${tx.now} where rule = ${rule}`.execute(tx.db)
  await sql`delete from automation_date where rule = ${rule} and at <= ${tx.now}`.execute(tx.db)
}
