import type { Db } from '@tocsin/db'
import { type ActivityRow, followRecord, lastPlace, readFeed, type Tx } from '../activity/index.ts'
import { mayTrigger, momentOf, readTriggerFacts, ticketTold } from '../trigger/index.ts'
import { automationInForce, fire } from './fire.ts'
import { chainsOfOpened } from './opened.ts'
import type { AutomationRules } from './rules.ts'
import { keepQuiet, waitsForQuiet } from './quiet.ts'

export const READER = 'automation'
const BATCH = 500
/** Older lines are of a desk that stood still: what rules would have done then would only confuse now. */
const NEWS_MS = 24 * 3_600_000

/** Reads the record on and lets the rules decide about its lines. */
export const readAutomationLines = (db: Db): Promise<number> => followRecord(db, READER, readOn)

async function readOn(tx: Tx, from: number) {
  const rules = await automationInForce(tx.db)
  // Without rules nothing is read: those to come begin with what happens after them.
  if (rules.live.length === 0) return { place: await lastPlace(tx.db), lines: 0 }
  const lines = await readFeed(tx.db, from, BATCH)
  const news = lines.filter(
    (line) => mayTrigger(line) && tx.now.getTime() - line.recorded_at.getTime() < NEWS_MS,
  )
  if (waitsForQuiet(rules)) await keepQuiet(tx, news)
  await fire(tx, rules, await occasionsOf(tx, rules, news))
  return { place: lines.at(-1)?.place ?? from, lines: lines.length }
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
  // What the desk does by itself to a ticket that rules opened is theirs too.
  const byItself = ({ actor_kind, cause }: ActivityRow) =>
    actor_kind === 'system' && chainOf({ cause }).length === 0
  const chains = await chainsOfOpened(
    db,
    asked.filter(byItself).map((line) => ticketTold(line)!),
  )
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
        chain: byItself(line) ? (chains.get(ticketId) ?? []) : chainOf(line),
        ticketId,
        activityId: id,
        occasion: id,
      },
    ]
  })
}
