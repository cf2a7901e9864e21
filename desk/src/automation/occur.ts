import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'
import { type Recurring, recurrenceOf } from '../calendar/index.ts'
import { openByRule } from './by-schedule.ts'
import { automationInForce } from './fire.ts'
import { MOST_ATTEMPTS, sweepOccurrences } from './go-through.ts'

interface Due {
  rule: string
  terms: Recurring
  next_at: Date
  attempts: number
}

/**
 * Lets schedules come. Each time of each is one row, whichever engine writes it first; of times that came while no engine
 * was there the latest counts, and it says how many it stands for.
 */
export async function sweepSchedules(db: Db): Promise<number> {
  return (await comeNext(db)) + (await sweepOccurrences(db))
}

async function comeNext(db: Db): Promise<number> {
  let due: Due | undefined
  try {
    return await transact(
      db,
      SYSTEM,
      async (tx) => (due ? come(tx, due) : 0),
      async (trx) => {
        due = await claim(trx)
      },
    )
  } catch (error) {
    if (due) await putOff(db, due)
    throw error
  }
}

// What fails is tried after the others.
async function claim(trx: Transaction<Tables>): Promise<Due | undefined> {
  const { rows } = await sql<Due>`
    select rule, terms, next_at, attempts from automation_schedule where next_at <= (select tocsin_now())
    order by attempts, next_at limit 1 for update skip locked`.execute(trx)
  return rows[0]
}

async function come(tx: Tx, { rule, terms, next_at }: Due): Promise<number> {
  const recurrence = recurrenceOf(terms)!
  const times = recurrence.between(next_at.getTime() - 1, tx.now.getTime())
  const at = new Date(times.at(-1) ?? next_at)
  const next = recurrence.next(tx.now.getTime())
  await sql`
    update automation_schedule set next_at = ${next === null ? null : new Date(next)}::timestamptz(3), attempts = 0
    where rule = ${rule}`.execute(tx.db)
  const { version, live } = await automationInForce(tx.db)
  const found = live.find((one) => one.rule.id === rule)
  if (found?.rule.on.kind !== 'schedule') return 1
  const { rows } = await sql<{ id: string }>`
    insert into automation_occurrence (rule, version, place, at, missed, state, created_at)
    values (${rule}, ${version}, ${found.place}, ${at}, ${Math.max(0, times.length - 1)}, 'running', ${tx.now})
    on conflict (rule, at) do nothing returning id`.execute(tx.db)
  const { opens, zone } = found.rule.on
  if (rows[0] && opens) await openByRule(tx, { id: rows[0].id, rule: found.rule, at, opens, zone })
  return 1
}

/** Something of ours failed: it is tried again, and after that the time is left out and said so. */
async function putOff(db: Db, { rule, terms, next_at, attempts }: Due): Promise<void> {
  await transact(db, SYSTEM, async (tx) => {
    if (attempts + 1 < MOST_ATTEMPTS) {
      await sql`
        update automation_schedule set attempts = attempts + 1 where rule = ${rule} and next_at = ${next_at}`.execute(
        tx.db,
      )
      return
    }
    const next = recurrenceOf(terms)!.next(tx.now.getTime())
    const { numAffectedRows } = await sql`
      update automation_schedule set next_at = ${next === null ? null : new Date(next)}::timestamptz(3), attempts = 0
      where rule = ${rule} and next_at = ${next_at}`.execute(tx.db)
    if (numAffectedRows === 0n) return
    const { version, live } = await automationInForce(tx.db)
    const place = live.find((one) => one.rule.id === rule)?.place ?? 1
    await sql`
      insert into automation_occurrence (rule, version, place, at, state, reason, created_at, ended_at)
      values (${rule}, ${version}, ${place}, ${next_at}, 'failed', 'internal', ${tx.now}, ${tx.now})
      on conflict (rule, at) do nothing`.execute(tx.db)
  })
}
