import { m } from '#lib/paraglide/messages.js'
import { verbWord } from '#lib/record/words.ts'
import { pendingWord, stateWord } from '#lib/ticket/words.ts'
import { targetWord } from '#lib/ticket/target-word.ts'
import { STATES, type State } from '#lib/api/types.ts'
import type { Action, DateOf, Firing, Occurrence, Trigger } from './rules.ts'
import { repeatOf, repeatWord } from './repeat.ts'
import { currentLocale } from '#lib/text/locale.ts'
import { writtenDuration } from '#lib/time/written-duration.ts'

const kinds: Record<Trigger['kind'], () => string> = {
  activity: m.automation_on_activity,
  sla: m.automation_on_sla,
  unchanged: m.automation_on_unchanged,
  schedule: m.automation_on_schedule,
  before: m.automation_on_before,
}
const actions: Record<Action['do'], () => string> = {
  set: m.automation_do_set,
  assign: m.automation_do_assign,
  route: m.automation_do_route,
  move: m.automation_do_move,
  status: m.automation_do_status,
  tag: m.automation_do_tag,
  untag: m.automation_do_untag,
  checklist: m.automation_do_checklist,
  watch: m.automation_do_watch,
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
const dates: Record<DateOf, () => string> = {
  resolution: m.automation_date_resolution,
  response: m.automation_date_response,
  update: m.automation_date_update,
  planned_start: m.change_planned_start,
  planned_end: m.change_planned_end,
  pending_until: m.automation_date_pending_until,
  field: m.automation_date_field,
}
const optionsOf = <Value extends string>(words: Record<Value, () => string>) =>
  (Object.keys(words) as Value[]).map((value) => ({ value, label: words[value]() }))

export const triggerKindOptions = () => optionsOf(kinds)
export const actionOptions = () => optionsOf(actions)
export const moveOptions = () => optionsOf(moves)
export const dateOptions = () => optionsOf(dates)
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

const waits: Record<string, () => string> = {
  unchanged: m.automation_on_unchanged,
  time: m.automation_on_schedule,
  date: m.automation_on_before,
}
/** What a rule looked at: a line of the record, or what it waited for. */
export const happeningWord = (verb: string): string => waits[verb]?.() ?? verbWord(verb)

/** "by its schedule", "before": what the time or date of a firing is. */
export const firedFor = ({ kind }: Pick<Firing, 'kind'>): string =>
  kind === 'schedule' ? m.automation_by_schedule() : m.automation_before()

/** "acted on 12 of 340 open tickets": what became of one time of a schedule. */
export function occurrenceWords({ state, reason, looked, acted }: Occurrence): string {
  if (state === 'failed') return m.automation_internal()
  if (state === 'running') return m.automation_going_through({ looked })
  return reason === 'off' ? m.automation_ended_early() : m.automation_acted_of({ acted, looked })
}

/** "opened, reopened", "75 % of its time", "unchanged for 3 h": when a rule looks. */
export function triggerWords(on: Trigger): string {
  if (on.kind === 'activity') return on.verbs.map(verbWord).join(', ')
  if (on.kind === 'sla')
    return m.automation_at_mark({
      target: on.target ? targetWord(on.target) : m.automation_any_target(),
      percents: on.percents.join(', '),
    })
  if (on.kind === 'schedule') {
    const words = repeatWord(repeatOf(on)) ?? on.rrule
    return on.opens ? m.automation_opens_by({ when: words, title: on.opens.title }) : words
  }
  if (on.kind === 'before') {
    const date = on.date === 'field' ? (on.field ?? '') : dates[on.date]()
    return on.minutes === 0
      ? m.automation_at_date({ date })
      : m.automation_ahead_of({ length: lengthWords(on.minutes), date })
  }
  return m.automation_unchanged_for({
    length: lengthWords(on.minutes),
    states: stateNames(on.states),
  })
}

const lengthWords = (minutes: number): string => writtenDuration(minutes * 60_000, currentLocale(), true)

const stateNames = (names: string[]): string => names.map((name) => stateWord(name as State)).join(', ')
