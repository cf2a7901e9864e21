import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { openTickets } from '../ticket/index.ts'
import { automationInForce, fire } from './fire.ts'
import type { Opens } from './looks.ts'
import { keepOpened } from './opened.ts'
import type { AutomationRule } from './rules.ts'
import { occasionsOfWaiting } from './waited.ts'

interface Opening {
  /** The occurrence. */
  id: string
  rule: AutomationRule
  at: Date
  opens: Opens
  zone: string
}

/** Opens the ticket of one time of a schedule; what else the rule does is done to it, as a firing like any other. */
export async function openByRule(given: Tx, { id, rule, at, opens, zone }: Opening): Promise<void> {
  const rules = await automationInForce(given.db)
  const { version } = rules
  const place = rules.live.find((one) => one.rule.id === rule.id)!.place
  const tx: Tx = {
    ...given,
    actor: { kind: 'rule', id: rule.id },
    cause: { kind: 'automation', id, rule: rule.id, version, chain: [rule.id] },
    why: { automation: { rule: rule.id, version, place, scheduled_at: at.toISOString() } },
  }
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)
  const dated = (text: string) => text.replaceAll(/\{\{\s*date\s*\}\}/g, day)
  const [made] = await openTickets(tx, [
    {
      kind: opens.kind,
      title: dated(opens.title),
      description: dated(opens.text),
      impact: opens.impact,
      urgency: opens.urgency,
      channel: 'desk',
      serviceId: opens.service_id,
      categoryId: opens.category_id,
      teamId: opens.team_id,
      requesterId: opens.requester_id,
    },
  ])
  if (rule.actions.length > 0)
    await fire(
      given,
      rules,
      await occasionsOfWaiting(given, { kind: 'schedule', rule: rule.id }, [{ ticketId: made!.id, of: at }]),
    )
  // Only now: what the rule does to its own ticket at once is no loop.
  await keepOpened(tx, made!.id)
  await sql`
    update automation_occurrence set state = 'done', opened_id = ${made!.id}, acted = 1, ended_at = ${given.now}
    where id = ${id}`.execute(given.db)
}
