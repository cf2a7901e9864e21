import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, transact, type Tx } from '../activity/index.ts'
import { readTriggerFacts } from '../trigger/index.ts'
import { act, type Came } from './act.ts'
import { AUTOMATION, type AutomationRule } from './rules.ts'

const BATCH = 50
const MOST_ATTEMPTS = 5
const AGAIN_MS = 10_000

interface Due {
  id: string
  rule: string
  version: number
  place: number
  ticket_id: string
  chain: string[]
  matched: unknown
  attempts: number
}

/**
 * Carries out what rules decided, each firing with all its effects in one transaction with the row that says so: it
 * happens once, whoever dies when. Those of a ticket are taken in their order, by whichever engine comes first.
 */
export async function sweepFirings(db: Db, publicUrl: string): Promise<number> {
  for (let count = 0; count < BATCH; count++) {
    if (!(await carryOutNext(db, publicUrl))) return count
  }
  return BATCH
}

async function carryOutNext(db: Db, publicUrl: string): Promise<boolean> {
  let due: Due | undefined
  try {
    return await transact(
      db,
      { kind: 'rule', id: null },
      async (tx) => (due ? carryOut(tx, due, publicUrl) : false),
      async (trx) => {
        due = await claim(trx)
      },
    )
  } catch (error) {
    if (!due) throw error
    await putOff(db, due)
    if (due.attempts + 1 < MOST_ATTEMPTS) throw error
    return true
  }
}

async function claim(trx: Transaction<Tables>): Promise<Due | undefined> {
  const { rows } = await sql<Due>`
    select f.id, f.rule, f.version, f.place, f.ticket_id, f.chain, f.matched, f.attempts from automation_firing f
    where f.state = 'waiting' and f.due_at <= (select tocsin_now())
      and not exists (select from automation_firing e where e.ticket_id = f.ticket_id and e.state = 'waiting' and e.id < f.id)
    order by f.id limit 1 for update of f skip locked`.execute(trx)
  return rows[0]
}

async function carryOut(given: Tx, due: Due, publicUrl: string): Promise<boolean> {
  const { version, place } = due
  const rule = (await AUTOMATION.read(given.db, version)).rules[place - 1] as AutomationRule
  const chain = [...due.chain, due.rule]
  const tx: Tx = {
    ...given,
    actor: { kind: 'rule', id: due.rule },
    cause: { kind: 'automation', id: due.id, rule: due.rule, version, chain },
    why: { automation: { rule: due.rule, version, place, matched: due.matched } },
  }
  const outcome: Came[] = []
  for (const action of rule.actions) outcome.push(await tryOut(tx, action, rule, due, publicUrl))
  const failed = outcome.every(({ error }) => error !== undefined)
  await sql`
    update automation_firing set state = ${failed ? 'failed' : 'done'}, outcome = ${JSON.stringify(outcome)}::jsonb,
      reason = ${failed ? 'refused' : null}, attempts = attempts + 1, ended_at = ${tx.now} where id = ${due.id}`.execute(
    tx.db,
  )
  return true
}

/** One action; what the desk refuses is undone and noted, and the next is tried. */
async function tryOut(
  tx: Tx,
  action: AutomationRule['actions'][number],
  rule: AutomationRule,
  { id, version, ticket_id: ticketId }: Due,
  publicUrl: string,
): Promise<Came> {
  await sql`savepoint before_action`.execute(tx.db)
  try {
    const facts = await factsNow(tx, ticketId)
    const came = await act(tx, action, { rule, version, firing: id, ticketId, facts, publicUrl })
    await sql`release savepoint before_action`.execute(tx.db)
    return { do: action.do, ...came }
  } catch (error) {
    if (!(error instanceof DeskError)) throw error
    await sql`rollback to savepoint before_action`.execute(tx.db)
    return { do: action.do, error: error.code, message: error.message }
  }
}

async function factsNow(tx: Tx, ticketId: string) {
  const moment = {
    key: ticketId,
    ticketId,
    revision: null,
    at: tx.now,
    verb: '',
    by: 'rule',
    before: null,
    after: null,
  }
  return (await readTriggerFacts(tx.db, [{ ...moment, revision: NEWEST }])).get(ticketId)!
}

const NEWEST = 2_147_483_647

/** Something of ours failed: it is tried again a little later, and given up in the end. */
async function putOff(db: Db, { id, attempts }: Due): Promise<void> {
  const over = attempts + 1 >= MOST_ATTEMPTS
  await sql`
    update automation_firing set attempts = attempts + 1, reason = ${over ? 'internal' : null},
      state = case when ${over} then 'failed' else 'waiting' end, ended_at = case when ${over} then tocsin_now() end,
      due_at = tocsin_now() + ${AGAIN_MS} * interval '1 millisecond'
    where id = ${id} and state = 'waiting'`.execute(db)
}
