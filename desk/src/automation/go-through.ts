import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'
import { decideRules } from './decide.ts'
import { automationInForce, fire, type Occasion } from './fire.ts'
import { inTurns } from './in-turns.ts'
import { occasionsOfWaiting } from './waited.ts'

const SHARE = 500
/** So often is one thing tried; then it is given up, and the next one comes. */
export const MOST_ATTEMPTS = 5
/** So many tickets does a rule act on at one time of its schedule. */
export const MOST_AT_A_TIME = 1_000

interface Running {
  id: string
  rule: string
  at: Date
  reached_id: string | null
  acted: number
  attempts: number
}

/**
 * Takes one time of a schedule on by a share of the open tickets, in their order; another engine goes on where this one
 * left it. The firings of a share are one transaction with how far it came.
 */
export async function sweepOccurrences(db: Db): Promise<number> {
  let running: Running | undefined
  try {
    return await transact(
      db,
      SYSTEM,
      async (tx) => (running ? goThrough(tx, running) : 0),
      async (trx) => {
        running = await claim(trx)
      },
    )
  } catch (error) {
    if (running) await putOff(db, running)
    throw error
  }
}

async function claim(trx: Transaction<Tables>): Promise<Running | undefined> {
  const { rows } = await sql<Running>`
    select id, rule, at, reached_id, acted, attempts from automation_occurrence where state = 'running'
    order by attempts, id limit 1 for update skip locked`.execute(trx)
  return rows[0]
}

async function goThrough(tx: Tx, { id, rule, at, reached_id, acted }: Running): Promise<number> {
  const rules = await automationInForce(tx.db)
  if (!rules.live.some((one) => one.rule.id === rule && one.rule.on.kind === 'schedule')) {
    await sql`
      update automation_occurrence set state = 'done', reason = 'off', ended_at = ${tx.now} where id = ${id}`.execute(
      tx.db,
    )
    return 1
  }
  const { rows: share } = await sql<{ id: string }>`
    select id from ticket where state not in ('resolved', 'closed', 'cancelled')
      and id > ${reached_id ?? '00000000-0000-0000-0000-000000000000'}::uuid order by id limit ${SHARE}`.execute(
    tx.db,
  )
  const occasions = await occasionsOfWaiting(
    tx,
    { kind: 'schedule', rule },
    share.map((ticket) => ({ ticketId: ticket.id, of: at })),
  )
  const holding: { one: Occasion; acts: boolean }[] = []
  for await (const one of inTurns(occasions)) {
    const [decided] = decideRules(rules, one, () => 0)
    if (decided) holding.push({ one, acts: decided.cut === null })
  }
  const within = holding.slice(0, MOST_AT_A_TIME - acted)
  await fire(
    tx,
    rules,
    within.map(({ one }) => one),
  )
  const more = within.filter(({ acts }) => acts).length
  const capped = within.length < holding.length
  const over = capped || share.length < SHARE
  await sql`
    update automation_occurrence set looked = looked + ${share.length}, acted = acted + ${more}, capped = ${capped},
      reached_id = ${share.at(-1)?.id ?? reached_id}, attempts = 0, state = ${over ? 'done' : 'running'},
      ended_at = ${over ? tx.now : null} where id = ${id}`.execute(tx.db)
  return 1
}

/** Something of ours failed: another share comes first, and in the end it is given up. */
async function putOff(db: Db, { id, attempts }: Running): Promise<void> {
  const over = attempts + 1 >= MOST_ATTEMPTS
  await sql`
    update automation_occurrence set attempts = attempts + 1, reason = ${over ? 'internal' : null},
      state = case when ${over} then 'failed' else 'running' end, ended_at = case when ${over} then tocsin_now() end
    where id = ${id} and state = 'running'`.execute(db)
}
