import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { TRIGGER_VERBS } from '../trigger/index.ts'
import type { Occasion } from './fire.ts'
import { UNTOUCHED, waitingRules } from './quiet.ts'
import type { AutomationRules } from './rules.ts'
import { occasionsOfWaiting } from './waited.ts'

const MOST = 5_000

/** Where rules that wait for tickets to be left alone would have acted in a period: between two changes, or after the last. */
export async function pastQuiet(
  tx: Tx,
  rules: AutomationRules,
  { from_at, to_at }: { from_at: Date; to_at: Date },
): Promise<{ one: Occasion; at: Date }[]> {
  const touching = TRIGGER_VERBS.filter((verb) => !UNTOUCHED.has(verb))
  const found = await Promise.all(
    waitingRules(rules).map(async ({ id, minutes, states }) => {
      const wait = sql`make_interval(mins => ${minutes})`
      const { rows } = await sql<{ ticket_id: string; since: Date; at: Date }>`
        select ticket_id, since, since + ${wait} as at from (
          select a.ticket_id, a.recorded_at as since,
            lead(a.recorded_at) over (partition by a.ticket_id order by a.revision) as next
          from activity a
          where a.ticket_id is not null and a.recorded_at >= ${from_at}::timestamptz - ${wait} and a.recorded_at < ${to_at}
            and a.verb = any(${touching}::text[]) and a.subject_kind = 'ticket'
            and (a.verb = 'open' or a.cause ->> 'kind' is distinct from 'automation')) x
        where since + ${wait} >= ${from_at} and since + ${wait} < least(coalesce(next, ${to_at}), ${to_at})
        order by at, ticket_id limit ${MOST}`.execute(tx.db)
      const occasions = await occasionsOfWaiting(
        tx,
        { kind: 'unchanged', rule: id },
        rows.map(({ ticket_id, since, at }) => ({ ticketId: ticket_id, of: since, at })),
      )
      return occasions.flatMap((one, place) =>
        states.includes(String(one.facts.state)) ? [{ one, at: rows[place]!.at }] : [],
      )
    }),
  )
  return found.flat()
}
