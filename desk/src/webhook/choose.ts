import type { ActivityRow } from '../activity/index.ts'
import type { Expression } from '../expression/index.ts'
import { holds } from '../ruleset/index.ts'
import { mayTrigger, type TriggerFacts } from '../trigger/index.ts'

/** What one webhook wants to hear. Empty lists mean all. */
export interface Wants {
  id: string
  from_place: number
  verbs: string[]
  kinds: string[]
  team_ids: string[]
  /** null: whatever the ticket is like. */
  when: Expression | null
  notes: boolean
  confidential: boolean
}

export interface HeardTicket {
  kind: string
  team_id: string | null
  confidential: boolean
}

const includes = (list: readonly string[], value: string | null) =>
  list.length === 0 || (value !== null && list.includes(value))

/** Whether the line itself is asked for, whatever its ticket: what need not be read further is left out here. */
export const wantsLine = (wants: Wants, line: ActivityRow): boolean =>
  line.place > wants.from_place &&
  mayTrigger(line) &&
  includes(wants.verbs, line.verb) &&
  (wants.notes || line.verb !== 'note')

/** Whether it is asked for of this ticket. */
export const wantsOf = (wants: Wants, ticket: HeardTicket, facts: TriggerFacts | undefined): boolean =>
  includes(wants.kinds, ticket.kind) &&
  includes(wants.team_ids, ticket.team_id) &&
  (wants.confidential || !ticket.confidential) &&
  (wants.when === null || (facts !== undefined && holds(wants.when, facts)))
