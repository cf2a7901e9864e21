import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { type ActivityRow, lastPlace, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { ticketTold } from '../trigger/index.ts'
import { automationInForce, fire } from './fire.ts'
import type { AutomationRules } from './rules.ts'
import { occasionsOfWaiting } from './waited.ts'

const BATCH = 500
// Told of a ticket without anybody having touched it.
export const UNTOUCHED: ReadonlySet<string> = new Set(['sla-mark', 'breach', 'escalate', 'page'])

interface Waiting {
  id: string
  minutes: number
  states: string[]
}

export const waitingRules = ({ live }: AutomationRules): Waiting[] =>
  live.flatMap(({ rule: { id, on } }) => (on.kind === 'unchanged' ? [{ id, ...on }] : []))

/** Whether any rule waits for tickets that nobody changes. */
export const waitsForQuiet = (rules: AutomationRules): boolean => waitingRules(rules).length > 0

/**
 * Keeps since when tickets are unchanged; what rules do to them is no change, or they would wait for themselves. That one
 * opened a ticket is where its quiet begins.
 */
export async function keepQuiet(tx: Tx, lines: ActivityRow[]): Promise<void> {
  const changed = new Map(
    lines
      .filter(
        ({ verb, cause }) =>
          !UNTOUCHED.has(verb) &&
          (verb === 'open' || (cause as { kind?: string } | null)?.kind !== 'automation'),
      )
      .map((line) => [ticketTold(line)!, line.recorded_at] as const),
  )
  if (changed.size === 0) return
  const given = [...changed].map(([ticket_id, since]) => ({ ticket_id, since }))
  await sql`
    insert into automation_quiet (ticket_id, since)
    select ticket_id, since from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(ticket_id uuid, since timestamptz(3))
    order by ticket_id
    on conflict (ticket_id) do update set since = greatest(automation_quiet.since, excluded.since)`.execute(
    tx.db,
  )
}

/**
 * Lets rules act on tickets that nobody has changed for as long as they wait. Each goes through the tickets in the order
 * in which they became quiet, from where it was left; whichever engine comes first does.
 */
export async function sweepQuiet(db: Db): Promise<number> {
  const rules = await automationInForce(db as unknown as Transaction<Tables>)
  const waiting = waitingRules(rules)
  // Whatever was switched off meanwhile begins anew when it is on again: nobody looked at changes for it.
  await sql`delete from automation_watch where rule <> all(${waiting.map(({ id }) => id)}::uuid[])`.execute(
    db,
  )
  let count = 0
  for (const rule of waiting) count += await sweepRule(db, rules, rule)
  return count
}

async function sweepRule(db: Db, rules: AutomationRules, rule: Waiting): Promise<number> {
  let reached: Date | undefined
  await begin(db, rule)
  return transact(
    db,
    SYSTEM,
    async (tx) => (reached && (await feedIsRead(tx)) ? goOn(tx, rules, rule, reached) : 0),
    async (trx) => {
      const { rows } = await sql<{ reached_at: Date }>`
        select reached_at from automation_watch where rule = ${rule.id} for update skip locked`.execute(trx)
      reached = rows[0]?.reached_at
    },
  )
}

/** A rule that is new, or waits for another time, begins with what becomes quiet from now on. */
const begin = (db: Db, { id, minutes }: Waiting) =>
  transact(db, SYSTEM, async (tx) => {
    const from = new Date(tx.now.getTime() - minutes * 60_000)
    const { rows } = await sql`
      insert into automation_watch as w (rule, minutes, reached_at) values (${id}, ${minutes}, ${from})
      on conflict (rule) do update set minutes = excluded.minutes, reached_at = excluded.reached_at
      where w.minutes <> excluded.minutes returning rule`.execute(tx.db)
    if (rows.length === 0) return
    await sql`
      insert into automation_quiet (ticket_id, since)
      select id, updated_at from ticket where updated_at > ${from} order by id
      on conflict (ticket_id) do update set since = greatest(automation_quiet.since, excluded.since)
      -- Where another rule waits already, what is kept is right, and what rules did since is no change.
      where not exists (select from automation_watch w where w.rule <> ${id})`.execute(tx.db)
  })

/** What has happened and was not read yet may be a change. */
async function feedIsRead(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ read: boolean }>`
    select not exists (select from activity_waiting)
      and coalesce((select place from feed_cursor where reader = 'automation'), 0) >= ${await lastPlace(tx.db)} as read`.execute(
    tx.db,
  )
  return rows[0]!.read
}

async function goOn(tx: Tx, rules: AutomationRules, rule: Waiting, reached: Date): Promise<number> {
  const until = new Date(tx.now.getTime() - rule.minutes * 60_000)
  const { rows } = await sql<{ ticket_id: string; since: Date }>`
    with share as (
      select ticket_id, since from automation_quiet where since > ${reached} and since <= ${until} order by since limit ${BATCH}
    )
    -- All of the last instant, or the rest of it would never be gone through.
    select q.ticket_id, q.since from automation_quiet q
    where q.since > ${reached} and q.since <= coalesce((select max(since) from share having count(*) = ${BATCH}), ${until})
    order by q.since, q.ticket_id`.execute(tx.db)
  await sql`
    update automation_watch set reached_at = ${rows.length < BATCH ? until : rows.at(-1)!.since} where rule = ${rule.id}`.execute(
    tx.db,
  )
  const { rows: standing } = await sql<{ id: string }>`
    select id from ticket where id = any(${rows.map(({ ticket_id }) => ticket_id)}::uuid[])
      and state = any(${rule.states}::text[])`.execute(tx.db)
  const here = new Set(standing.map(({ id }) => id))
  const quiet = rows.filter(({ ticket_id }) => here.has(ticket_id))
  const occasions = await occasionsOfWaiting(
    tx,
    { kind: 'unchanged', rule: rule.id },
    quiet.map(({ ticket_id, since }) => ({ ticketId: ticket_id, of: since })),
  )
  return fire(tx, rules, occasions)
}
