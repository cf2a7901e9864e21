import type { ChangeOfTicket } from '#lib/ticket/ticket-page.ts'

/** What of a change's plan holds for another: all but when, and what came of it. */
export function plannedLike(change: ChangeOfTicket): Record<string, unknown> {
  const { quiet, services, cis, risk, risk_reason, risk_answers } = change
  const plans = { implementation_plan: change.implementation_plan, backout_plan: change.backout_plan }
  const told = Object.entries({ ...plans, test_plan: change.test_plan }).filter(([, text]) => text)
  const chosen = risk && risk_reason ? { risk, risk_reason } : undefined
  return {
    ...Object.fromEntries(told),
    quiet,
    service_ids: services.map(({ id }) => id),
    ci_ids: cis.map(({ id }) => id),
    ...(chosen ?? (risk_answers && { risk_answers })),
  }
}
