import type { Named, Ref, State } from '#lib/api/types.ts'
import { STATES } from '#lib/api/types.ts'
import { type Category, pathWords } from '#lib/category/tree.ts'
import { m } from '#lib/paraglide/messages.js'
import type { CustomField } from '#lib/question/field.ts'
import { labelText } from '#lib/text/label.ts'
import { channelWord, kindWord, levelWord, pendingWord, stateWord } from '#lib/ticket/words.ts'
import type { Operator, Row, Rows, Value } from './rows.ts'

export type Choice = { value: string; label: string }
/** What a condition may be about, and how it is asked. */
export interface ConditionField {
  key: string
  label: string
  type: 'choice' | 'list' | 'text' | 'number' | 'date' | 'flag' | 'presence'
  ops: readonly Operator[]
  options?: readonly Choice[]
  /** Under which heading it is chosen. */
  group?: string
  /** Of a number: whole, and from and to what. */
  range?: readonly [least: number, most: number]
  /** What is chosen is a number, whatever it is called. */
  numeric?: boolean
}

export interface Known {
  teams: readonly Ref[]
  services: readonly (Named & { key: string })[]
  categories: readonly Category[]
  fields: readonly CustomField[]
  groups: readonly Ref[]
  tags: readonly string[]
}

const CHOOSES = ['is', 'is_not'] as const
const MAY_LACK = ['filled', 'empty'] as const
const HAS = ['has', 'has_not'] as const
const SAYS = [
  'contains',
  'contains_not',
  'starts',
  'starts_not',
  'ends',
  'ends_not',
  'matches',
  'matches_not',
] as const
/** What may be asked of a text that may be missing. */
export const TEXT = [...CHOOSES, ...SAYS, ...MAY_LACK] as const
export const choicesOf = <V extends string>(values: readonly V[], word: (value: V) => string): Choice[] =>
  values.map((value) => ({ value, label: word(value) }))
const itself = (value: string) => value

/** The fields of a condition over tickets, of those that the rule knows by these names. */
export function conditionFields(facts: readonly { name: string }[], known: Known): ConditionField[] {
  const choice = (key: string, label: string, options: readonly Choice[], lacks = false): ConditionField => ({
    key,
    label,
    type: 'choice',
    ops: lacks ? [...CHOOSES, ...MAY_LACK] : CHOOSES,
    options,
  })
  const presence = (key: string, label: string): ConditionField => ({
    key,
    label,
    type: 'presence',
    ops: MAY_LACK,
  })
  const list = (key: string, label: string, options?: readonly Choice[]): ConditionField => ({
    key,
    label,
    type: 'list',
    ops: HAS,
    options,
  })
  const levels = choicesOf(['high', 'medium', 'low'] as const, levelWord)
  const names = (things: readonly Ref[]) => things.map(({ name }) => ({ value: name, label: name }))
  const all: ConditionField[] = [
    choice('kind', m.common_kind(), choicesOf(['incident', 'request', 'problem', 'change'], kindWord)),
    choice('priority', m.common_priority(), choicesOf(['P1', 'P2', 'P3', 'P4', 'P5'], itself)),
    choice('impact', m.common_impact(), levels),
    choice('urgency', m.common_urgency(), levels),
    choice('state', m.common_state(), choicesOf(STATES as readonly State[], stateWord)),
    choice(
      'pending_reason',
      m.conditions_waits(),
      choicesOf(['requester', 'vendor', 'change', 'other'], pendingWord),
      true,
    ),
    choice('team', m.common_team(), names(known.teams), true),
    presence('assignee', m.common_assignee()),
    choice(
      'service',
      m.common_service(),
      known.services.map(({ key, name }) => ({ value: key, label: labelText(name) })),
      true,
    ),
    list(
      'categories',
      m.condition_category(),
      known.categories
        .filter(({ archived }) => !archived)
        .map(({ id, key }) => ({ value: key, label: pathWords(id, known.categories) })),
    ),
    presence('category', m.common_category()),
    list('tags', m.automation_tag(), choicesOf(known.tags, itself)),
    list('groups', m.condition_group(), names(known.groups)),
    list('organisations', m.condition_organisation()),
    presence('requester', m.common_requester()),
    { key: 'title', label: m.common_title(), type: 'text', ops: SAYS },
    list('words', m.conditions_words()),
    choice(
      'channel',
      m.condition_channel(),
      choicesOf(['monitoring', 'portal', 'desk', 'email', 'api', 'import'], channelWord),
    ),
    { key: 'confidential', label: m.condition_confidential(), type: 'flag', ops: ['is'] },
    choice('by', m.condition_by(), [
      { value: 'person', label: m.condition_by_person() },
      { value: 'rule', label: m.automation_rule() },
      { value: 'integration', label: m.condition_by_integration() },
      { value: 'system', label: m.condition_by_system() },
    ]),
  ]
  const named = new Set(facts.map(({ name }) => name))
  const own = named.has('fields') ? known.fields.filter(({ archived }) => !archived).map(ownField) : []
  return [...all.filter(({ key }) => named.has(key)), ...own]
}

function ownField({ key, label, type, options }: CustomField): ConditionField {
  const base = { key: `fields.${key}`, label: labelText(label) }
  const choices = (options ?? []).map((one) => ({ value: one.value, label: labelText(one.label) }))
  switch (type) {
    case 'select':
      return { ...base, type: 'choice', ops: [...CHOOSES, ...MAY_LACK], options: choices }
    case 'multiselect':
      return { ...base, type: 'list', ops: [...HAS, ...MAY_LACK], options: choices }
    case 'checkbox':
      return { ...base, type: 'flag', ops: CHOOSES }
    case 'number':
      return { ...base, type: 'number', ops: ['is', 'lt', 'le', 'gt', 'ge', ...MAY_LACK] }
    case 'date':
      return { ...base, type: 'date', ops: ['is', 'lt', 'gt', ...MAY_LACK] }
    case 'person':
      return { ...base, type: 'presence', ops: MAY_LACK }
    default:
      return { ...base, type: 'text', ops: [...SAYS, ...MAY_LACK] }
  }
}

/**
 * The field of this name. One whose own name ends in a point, `labels.`, stands for all beneath it, met yet or not.
 */
export function fieldNamed(key: string, fields: readonly ConditionField[]): ConditionField | undefined {
  const known = fields.find((field) => field.key === key)
  if (known) return known
  const open = openField(key, fields)
  return open && { ...open, key, label: key.slice(open.key.length) }
}

export const openField = (key: string, fields: readonly ConditionField[]): ConditionField | undefined =>
  fields.find((field) => field.key.endsWith('.') && key.startsWith(field.key))

/** With what a row begins. */
export function rowOf(field: ConditionField, op: Operator = field.ops[0]!): Row {
  const [first] = field.options ?? []
  const value: Record<ConditionField['type'], Value> = {
    choice: field.numeric ? Number(first?.value) : (first?.value ?? ''),
    list: first?.value ?? '',
    text: '',
    number: field.range?.[0] ?? 0,
    date: '',
    flag: true,
    presence: '',
  }
  const none = op === 'filled' || op === 'empty'
  return { field: field.key, op, values: none ? [] : [value[field.type]] }
}

/** Whether each row is one that these fields have, so that it can be shown. */
export const canShow = ({ rows }: Rows, fields: readonly ConditionField[]): boolean =>
  rows.every(({ field, op, values }) => {
    const known = fieldNamed(field, fields)
    if (!known?.ops.includes(op)) return false
    const counts = known.type === 'number' || known.numeric
    const kind = counts ? 'number' : known.type === 'flag' ? 'boolean' : 'string'
    const several = known.type === 'choice' || known.type === 'text'
    return (several || values.length < 2) && values.every((value) => typeof value === kind)
  })
