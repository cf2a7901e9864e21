import { m } from '#lib/paraglide/messages.js'
import type { ActionName } from './actions.ts'

/** The verb on each action's button. */
export const actionLabels = (): Record<ActionName, string> => ({
  acknowledge: m.tickets_act_acknowledge(),
  reply: m.tickets_act_reply(),
  note: m.tickets_act_note(),
  assign: m.tickets_act_assign(),
  resolve: m.tickets_act_resolve(),
  fix: m.act_fix(),
  assess: m.act_assess(),
  authorize: m.act_authorize(),
  schedule: m.act_schedule(),
  implement: m.act_implement(),
  review: m.act_review(),
  revise: m.act_revise(),
  pend: m.tickets_act_pend(),
  resume: m.tickets_act_resume(),
  close: m.tickets_act_close(),
  reopen: m.tickets_act_reopen(),
  cancel: m.tickets_act_cancel(),
})
