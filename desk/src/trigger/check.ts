import type { Db } from '@tocsin/db'
import { type RawBuilder, sql } from 'kysely'
import { type ActivityRow, lastPlace, readFeed } from '../activity/index.ts'
import { tryCondition, type Tried } from '../ruleset/index.ts'
import { compileTrigger, readTriggerFacts } from './facts.ts'
import { mayTrigger, ticketTold, type TriggerVerb } from './verbs.ts'

export interface TriedLine extends Tried {
  verb: string
  at: Date
  ticket: { number: string; title: string }
}

// The record holds much beside these lines: so far back is looked for some of them.
const LOOKS_BACK = 5_000

/** A condition over the latest lines of tickets that may start something. `where` narrows over `ticket t`. */
export async function checkTrigger(
  db: Db,
  when: string,
  { verbs, last, where }: { verbs: readonly TriggerVerb[]; last: number; where: RawBuilder<boolean> },
): Promise<{ error: string | null; results: TriedLine[] }> {
  const place = await lastPlace(db)
  const lines = (await readFeed(db, Math.max(0, place - LOOKS_BACK), LOOKS_BACK))
    .filter((line) => mayTrigger(line) && (verbs.length === 0 || (verbs as string[]).includes(line.verb)))
    .toReversed()
  const seen = await visible(db, [...new Set(lines.map((line) => ticketTold(line)!))], where)
  const shown = lines.filter((line) => seen.has(ticketTold(line)!)).slice(0, last)
  const facts = await readTriggerFacts(db, shown.map(momentOf))
  const { error, results } = tryCondition(
    compileTrigger,
    when,
    shown.map(({ id }) => facts.get(id)!),
  )
  return {
    error,
    results: results.map((result, index) => {
      const line = shown[index]!
      return { ...result, verb: line.verb, at: line.at, ticket: seen.get(ticketTold(line)!)! }
    }),
  }
}

/** A condition over the tickets that are open, the newest first, as they are now. `where` narrows over `ticket t`. */
export async function checkOpenTickets(
  db: Db,
  when: string,
  { last, where }: { last: number; where: RawBuilder<boolean> },
): Promise<{ error: string | null; results: TriedLine[] }> {
  const { rows } = await sql<{ id: string; number: string; title: string; at: Date }>`
    select t.id, t.number, t.title, tocsin_now() as at from ticket t
    where t.state not in ('resolved', 'closed', 'cancelled') and ${where} order by t.id desc limit ${last}`.execute(
    db,
  )
  const verb = 'time'
  const moments = rows.map(({ id, at }) => ({
    key: id,
    ticketId: id,
    revision: null,
    at,
    verb,
    by: 'system',
    before: null,
    after: null,
  }))
  const facts = await readTriggerFacts(db, moments)
  const { error, results } = tryCondition(
    compileTrigger,
    when,
    rows.map(({ id }) => facts.get(id)!),
  )
  return {
    error,
    results: results.map((result, index) => {
      const { number, title, at } = rows[index]!
      return { ...result, verb, at, ticket: { number, title } }
    }),
  }
}

/** A line as the moment that it tells of. */
export const momentOf = (line: ActivityRow) => ({
  key: line.id,
  ticketId: ticketTold(line)!,
  revision: line.revision,
  at: line.at,
  verb: line.verb,
  by: line.actor_kind,
  before: line.before,
  after: line.after,
})

async function visible(db: Db, ids: string[], where: RawBuilder<boolean>) {
  const { rows } = await sql<{ id: string; number: string; title: string }>`
    select t.id, t.number, t.title from ticket t where t.id = any(${ids}::uuid[]) and ${where}`.execute(db)
  return new Map(rows.map(({ id, number, title }) => [id, { number, title }]))
}
