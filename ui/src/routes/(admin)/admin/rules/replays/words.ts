import type { Fate, Replay } from '#lib/admin/replays.ts'
import { m } from '#lib/paraglide/messages.js'

const states: Record<Replay['state'], () => string> = {
  waiting: m.replay_state_waiting,
  running: m.replay_state_running,
  done: m.replay_state_done,
  failed: m.replay_state_failed,
  cancelled: m.replay_state_cancelled,
}
export const stateWord = (state: Replay['state']): string => states[state]()

const errors: Record<NonNullable<Replay['error']>, () => string> = {
  fault: m.replay_error_fault,
  interrupted: m.replay_error_interrupted,
  'not-kept': m.replay_error_not_kept,
}
export const errorWords = (error: NonNullable<Replay['error']>): string =>
  (errors[error] ?? m.replay_error_fault)()

/** What becomes of an alert, as a sentence; nothing told is that it waits. */
export function fateWords(fate: Fate | null): string {
  const rule = fate ? ruleWords(fate.why) : ''
  return [whereWords(fate), rule].filter(Boolean).join(' ')
}

function whereWords(fate: Fate | null): string {
  switch (fate?.how) {
    case 'opened':
      return m.replay_opens()
    case 'joined':
      if (fate.with) return m.replay_joins_with({ title: fate.with.title })
      return fate.ticket ? m.replay_joins_ticket({ ticket: fate.ticket }) : m.replay_joined()
    case 'nothing':
      return m.replay_comes_to_nothing()
    case 'proposed':
      return m.replay_waits()
    default:
      return m.replay_is_held()
  }
}

function ruleWords({ rule, name }: Fate['why']): string {
  if (rule === 'default') return m.replay_by_default()
  return typeof name === 'string' ? m.replay_by_rule({ name }) : ''
}
