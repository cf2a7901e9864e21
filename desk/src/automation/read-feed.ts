import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { type ActivityRow, lastPlace, readFeed, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { mayTrigger, momentOf, readTriggerFacts, ticketTold } from '../trigger/index.ts'
import { automationInForce, fire } from './fire.ts'
import type { AutomationRules } from './rules.ts'
import { keepQuiet, waitsForQuiet } from './quiet.ts'

export const READER = 'automation'
const BATCH = 500
/** Older lines are of a desk that stood still: what rules would have done then would only confuse now. */
const NEWS_MS = 24 * 3_600_000

/**
 * Reads the record on from where it was left and lets the rules decide, in one transaction with the place it has come
 * to. Answers how many lines were read; 0 also when another engine is at it.
 */
export async function readAutomationLines(db: Db): Promise<number> {
  await sql`insert into feed_cursor (reader) values (${READER}) on conflict do nothing`.execute(db)
  let from: number | undefined
  const claim = async (trx: Transaction<Tables>) => {
    const { rows } = await sql<{ place: number }>`
      select place from feed_cursor where reader = ${READER} for update skip locked`.execute(trx)
    from = rows[0]?.place
  }
  return transact(db, SYSTEM, (tx) => (from === undefined ? Promise.resolve(0) : readOn(tx, from)), claim)
}

async function readOn(tx: Tx, from: number): Promise<number> {
  const rules = await automationInForce(tx.db)
  // Without rules nothing is read: those to come begin with what happens after them.
  const lines = rules.live.length === 0 ? [] : await readFeed(tx.db, from, BATCH)
  const place = rules.live.length === 0 ? await lastPlace(tx.db) : lines.at(-1)?.place
  if (place === undefined || place === from) return 0
  const news = lines.filter(
    (line) => mayTrigger(line) && tx.now.getTime() - line.recorded_at.getTime() < NEWS_MS,
  )
  if (waitsForQuiet(rules)) await keepQuiet(tx, news)
  await fire(tx, rules, await occasionsOf(tx, rules, news))
  await sql`update feed_cursor set place = ${place}, updated_at = ${tx.now} where reader = ${READER}`.execute(
    tx.db,
  )
  return lines.length
}

/** The rules whose effects led to a line, the first first. */
export function chainOf({ cause }: Pick<ActivityRow, 'cause'>): string[] {
  const { kind, chain } = (cause ?? {}) as { kind?: string; chain?: unknown }
  return kind === 'automation' && Array.isArray(chain) ? chain.map(String) : []
}

/** Lines that some rule looks at, with the facts of their moment. */
export async function occasionsOf(db: Pick<Tx, 'db'>, rules: AutomationRules, lines: ActivityRow[]) {
  const verbs = new Set<string>(
    rules.live.flatMap(({ rule: { on } }) =>
      on.kind === 'activity' ? on.verbs : on.kind === 'sla' ? ['sla-mark', 'breach'] : [],
    ),
  )
  const asked = lines.filter(({ verb }) => verbs.has(verb))
  const facts = await readTriggerFacts(db.db, asked.map(momentOf))
  return asked.flatMap((line) => {
    const found = facts.get(line.id)
    if (!found) return []
    const { verb, after, id } = line
    const ticketId = ticketTold(line)!
    return [
      {
        kind: 'line' as const,
        verb,
        after,
        facts: found,
        chain: chainOf(line),
        ticketId,
        activityId: id,
        occasion: id,
      },
    ]
  })
}
