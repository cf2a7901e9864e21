import type { Db, Tables } from '@tocsin/db'
import type { Transaction } from 'kysely'
import type { ChangeType, Life, Need, TicketKind } from './lifecycles.ts'

export interface Facts {
  life: Life
  /** What of its kind's own is there. */
  has: Set<Need>
}

interface About {
  id: string
  kind: TicketKind
  service_id: string | null
  ci_id: string | null
}

/** Whose life a ticket leads, and what of that which moves may ask for it has already. */
export async function factsOf(db: Db | Transaction<Tables>, ticket: About): Promise<Facts> {
  const has = new Set<Need>()
  if (ticket.service_id ?? ticket.ci_id) has.add('service_id')
  if (ticket.kind === 'incident' || ticket.kind === 'request') return { life: ticket.kind, has }
  if (ticket.kind === 'problem') {
    const problem = await db
      .selectFrom('problem')
      .select('root_cause')
      .where('ticket_id', '=', ticket.id)
      .executeTakeFirst()
    if (problem?.root_cause) has.add('problem.root_cause')
    return { life: 'problem', has }
  }
  const plan = await db
    .selectFrom('change_plan')
    .selectAll()
    .where('ticket_id', '=', ticket.id)
    .executeTakeFirstOrThrow()
  for (const need of ['risk', 'implementation_plan', 'backout_plan', 'planned_start', 'planned_end'] as const)
    if (plan[need]) has.add(`change.${need}`)
  if (plan.service_ids.length + plan.ci_ids.length > 0) has.add('service_id')
  if (plan.approved_at) has.add('approval')
  if (plan.outcome) has.add('outcome')
  return { life: plan.type as ChangeType, has }
}
