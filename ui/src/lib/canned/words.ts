import type { Level, State } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { labelText } from '#lib/text/label.ts'
import { currentLocale } from '#lib/text/locale.ts'
import { levelWord, pendingWord, stateWord } from '#lib/ticket/words.ts'
import { dayAndTime } from '#lib/time/exact.ts'
import { zoneOfReader } from '#lib/time/reader-zone.ts'
import type { MacroMove, Scope } from './types.ts'

const scopes: Record<Scope, () => string> = {
  own: m.canned_own,
  team: m.canned_team,
  all: m.canned_all,
}
export const scopeWord = (scope: Scope): string => scopes[scope]()

const moves: Record<MacroMove, () => string> = {
  acknowledge: m.tickets_act_acknowledge,
  start: m.macro_start,
  pend: m.tickets_act_pend,
  resume: m.tickets_act_resume,
  resolve: m.tickets_act_resolve,
  close: m.tickets_act_close,
  reopen: m.tickets_act_reopen,
  cancel: m.tickets_act_cancel,
}
export const moveWord = (move: MacroMove): string => moves[move]()

const codes: Record<string, () => string> = {
  fixed: m.macro_code_fixed,
  workaround: m.macro_code_workaround,
  recovered: m.macro_code_recovered,
  duplicate: m.macro_code_duplicate,
  'not-reproducible': m.macro_code_not_reproducible,
}
export const resolutionCodes = Object.keys(codes)
export const codeWord = (code: string): string => codes[code]?.() ?? code

const fields: Record<string, () => string> = {
  state: m.common_state,
  status: m.status_filter,
  pending_reason: m.status_reason,
  resolution_code: m.macro_code,
  priority: m.common_priority,
  impact: m.common_impact,
  urgency: m.common_urgency,
  category: m.common_category,
  team: m.common_team,
  assignee: m.common_assignee,
  tags: m.tags,
  due_at: m.macro_due,
}
export const fieldWord = (field: string): string => fields[field]?.() ?? field

/** A value of a ticket, as its readers know it. */
export function valueWords(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return m.common_none()
  if (field === 'tags') return (value as string[]).join(', ') || m.common_none()
  if (typeof value === 'object') return labelText(value as Parameters<typeof labelText>[0])
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (field === 'state') return stateWord(text as State)
  if (field === 'pending_reason') return pendingWord(text)
  if (field === 'resolution_code') return codeWord(text)
  if (field === 'impact' || field === 'urgency') return levelWord(text as Level)
  if (field === 'due_at') return dayAndTime(text, currentLocale(), zoneOfReader())
  return text
}
