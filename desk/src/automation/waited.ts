import type { Tx } from '../activity/index.ts'
import { readTriggerFacts } from '../trigger/index.ts'
import type { Occasion } from './fire.ts'
import { chainsOfOpened } from './opened.ts'

export interface Waited {
  ticketId: string
  /** What makes it one: since when the ticket is unchanged, the time of a schedule, the date that is near. */
  of: Date
  /** When the rule looks at it; absent: now. */
  at?: Date
}

// `schedule` is what somebody does with a change.
const VERBS = { unchanged: 'unchanged', schedule: 'time', before: 'date' } as const

/** Occasions for which one rule waited, with the facts of when it looks and the rules that led to each ticket. */
export async function occasionsOfWaiting(
  tx: Tx,
  { kind, rule }: { kind: 'unchanged' | 'schedule' | 'before'; rule: string },
  given: readonly Waited[],
): Promise<Occasion[]> {
  const keyOf = ({ ticketId, of }: Waited) => `${ticketId} ${of.toISOString()}`
  const facts = await readTriggerFacts(
    tx.db,
    given.map((one) => ({
      key: keyOf(one),
      ticketId: one.ticketId,
      revision: null,
      at: one.at ?? tx.now,
      verb: VERBS[kind],
      by: 'system',
      before: null,
      after: null,
    })),
  )
  const chains = await chainsOfOpened(
    tx,
    given.map(({ ticketId }) => ticketId),
  )
  return given.map((one) => ({
    kind,
    verb: VERBS[kind],
    after: null,
    rule,
    facts: facts.get(keyOf(one))!,
    chain: chains.get(one.ticketId) ?? [],
    ticketId: one.ticketId,
    activityId: null,
    occasion: keyOf(one),
  }))
}
