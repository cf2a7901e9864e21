import { m } from '#lib/paraglide/messages.js'
import { verbWord } from '#lib/record/words.ts'
import { pendingWord, stateWord } from '#lib/ticket/words.ts'
import { targetWord } from '#lib/ticket/target-word.ts'
import { STATES, type State } from '#lib/api/types.ts'
import type { Action, Firing, Trigger } from './rules.ts'

const kinds: Record<Trigger['kind'], () => string> = {
  activity: m.automation_on_activity,
  sla: m.automation_on_sla,
  unchanged: m.automation_on_unchanged,
}
const actions: Record<Action['do'], () => string> = {
  set: m.automation_do_set,
  assign: m.automation_do_assign,
  route: m.automation_do_route,
  move: m.automation_do_move,
  tag: m.automation_do_tag,
  untag: m.automation_do_untag,
  note: m.automation_do_note,
  reply: m.automation_do_reply,
  tell: m.automation_do_tell,
  page: m.automation_do_page,
  open: m.automation_do_open,
  call: m.automation_do_call,
}
const moves: Record<string, () => string> = {
  acknowledge: m.verb_acknowledge,
  start: m.verb_start,
  pend: m.verb_pend,
  resume: m.verb_resume,
  resolve: m.verb_resolve,
  close: m.verb_close,
  reopen: m.verb_reopen,
  cancel: m.verb_cancel,
}
const states: Record<Firing['state'], () => string> = {
  waiting: m.automation_waiting,
  done: m.automation_done,
  failed: m.automation_failed,
  cut: m.automation_cut,
}
const reasons: Record<string, () => string> = {
  loop: m.automation_cut_loop,
  depth: m.automation_cut_depth,
  rate: m.automation_cut_rate,
  refused: m.automation_refused,
  internal: m.automation_internal,
}
const links: Record<string, () => string> = {
  caused_by: m.automation_link_caused_by,
  blocks: m.automation_link_blocks,
  relates: m.automation_link_relates,
}
const optionsOf = <Value extends string>(words: Record<Value, () => string>) =>
  (Object.keys(words) as Value[]).map((value) => ({ value, label: words[value]() }))

export const triggerKindOptions = () => optionsOf(kinds)
export const actionOptions = () => optionsOf(actions)
export const moveOptions = () => optionsOf(moves)
export const linkOptions = () => optionsOf(links)
export const firingOptions = () => optionsOf(states)
export const stateOptions = () => STATES.map((value) => ({ value, label: stateWord(value) }))
export const pendingOptions = () =>
  ['requester', 'vendor', 'change', 'other'].map((value) => ({ value, label: pendingWord(value) }))
export const targetOptions = () =>
  (['response', 'resolution', 'update', 'ola'] as const).map((value) => ({ value, label: targetWord(value) }))

export const actionWord = (action: Action['do']): string => actions[action]()
export const firingWord = (state: Firing['state']): string => states[state]()
export const firingReason = (reason: string): string => reasons[reason]?.() ?? reason

/** "opened, reopened", "75 % of its time", "unchanged for 3 h": when a rule looks. */
export function triggerWords(on: Trigger): string {
  if (on.kind === 'activity') return on.verbs.map(verbWord).join(', ')
  if (on.kind === 'sla')
    return m.automation_at_mark({
      target: on.target ? targetWord(on.target) : m.automation_any_target(),
      percents: on.percents.join(', '),
    })
  return m.automation_unchanged_for({
    hours: Math.round((on.minutes / 60) * 10) / 10,
    states: stateNames(on.states),
  })
}

const stateNames = (names: string[]): string => names.map((name) => stateWord(name as State)).join(', ')
