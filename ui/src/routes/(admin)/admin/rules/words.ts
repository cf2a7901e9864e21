import type { Beside, Rule } from '#lib/admin/rules.ts'
import type { Level } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { levelWord } from '#lib/ticket/words.ts'
import type { Change } from './changes.ts'

const opens: Record<Rule['opens'], () => string> = {
  incident: m.rules_opens_incident,
  request: m.rules_opens_request,
  change_event: m.rules_opens_change_event,
  nothing: m.rules_opens_nothing,
}
const resolves: Record<Rule['resolve_on'], () => string> = {
  all: m.rules_resolve_all,
  first: m.rules_resolve_first,
  last: m.rules_resolve_last,
  never: m.rules_resolve_never,
}
const optionsOf = <Value extends string>(words: Record<Value, () => string>) =>
  (Object.keys(words) as Value[]).map((value) => ({ value, label: words[value]() }))

export const opensOptions = () => optionsOf(opens)
export const resolveOptions = () => optionsOf(resolves)
export const levelOptions = () =>
  (['high', 'medium', 'low'] as Level[]).map((value) => ({ value, label: levelWord(value) }))

const fields: Record<keyof Rule, () => string> = {
  id: () => 'id',
  name: m.rules_name,
  enabled: m.rules_switched,
  when: m.rules_when,
  group_by: m.rules_group_by,
  window_minutes: m.rules_window,
  opens: m.rules_opens,
  confirm: m.rules_confirm,
  most_per_hour: m.rules_most_per_hour,
  impact: m.common_impact,
  urgency: m.common_urgency,
  service_id: m.common_service,
  team_id: m.common_team,
  escalation_policy_id: m.rules_policy,
  resolve_on: m.rules_resolve_on,
  patience: m.rules_patience,
}
const settings: Record<keyof Beside, () => string> = {
  same_ci: m.rules_same_ci,
  service_map: m.rules_service_map,
  storm: m.rules_storm,
}

/** A change as a sentence, and what it was and is where that can be shown. `names` are of services, teams, policies. */
export function changeWords(
  change: Change,
  names: ReadonlyMap<string, string>,
): { words: string; from?: string; to?: string } {
  if (change.kind === 'added') return { words: m.rules_added({ name: change.name }) }
  if (change.kind === 'removed') return { words: m.rules_removed({ name: change.name }) }
  if (change.kind === 'reordered') return { words: m.rules_reordered({ names: change.names.join(', ') }) }
  const values = { from: valueWords(change.from, names), to: valueWords(change.to, names) }
  if (change.kind === 'beside') return { words: settings[change.setting](), ...values }
  return { words: m.rules_changed({ name: change.name, field: fields[change.field]() }), ...values }
}

const coded: Record<string, () => string> = { ...opens, ...resolves }

function valueWords(value: unknown, names: ReadonlyMap<string, string>): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'boolean') return value ? m.common_yes() : m.common_no()
  if (Array.isArray(value)) return value.join(', ') || '–'
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, inner]) => `${name.replaceAll('_', ' ')}: ${valueWords(inner, names)}`)
      .join(', ')
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return names.get(text) ?? coded[text]?.() ?? text
}
