import { m } from '#lib/paraglide/messages.js'
import { currentLocale } from '#lib/text/locale.ts'
import { canShow, type ConditionField, fieldNamed } from './fields.ts'
import { type Operator, type Row, rowsOf, type Value } from './rows.ts'

const operators: Record<Operator, () => string> = {
  is: m.condition_is,
  is_not: m.condition_is_not,
  has: m.condition_has,
  has_not: m.condition_has_not,
  contains: m.condition_contains,
  contains_not: m.condition_contains_not,
  starts: m.conditions_starts,
  starts_not: m.conditions_starts_not,
  ends: m.conditions_ends,
  ends_not: m.conditions_ends_not,
  matches: m.conditions_matches,
  matches_not: m.conditions_matches_not,
  lt: m.condition_lt,
  le: m.condition_le,
  gt: m.condition_gt,
  ge: m.condition_ge,
  filled: m.condition_filled,
  empty: m.condition_empty,
}
// Days come before one another and are not smaller; a category holds those beneath it, a word is one of a title.
const ofDates: Partial<Record<Operator, () => string>> = {
  lt: m.condition_before,
  gt: m.condition_after,
}
const ofOnes: Partial<Record<Operator, () => string>> = {
  has: m.condition_is,
  has_not: m.condition_is_not,
}

export function operatorWord(op: Operator, field: ConditionField): string {
  if (field.type === 'date') return (ofDates[op] ?? operators[op])()
  if (field.key === 'categories' || field.key === 'words') return (ofOnes[op] ?? operators[op])()
  return operators[op]()
}

/** “Severity is critical and env begins with “prod””; undefined where rows cannot say it. */
export function conditionWords(expression: string, fields: readonly ConditionField[]): string | undefined {
  const said = rowsOf(expression)
  if (!said || !canShow(said, fields)) return undefined
  if (said.rows.length === 0) return m.condition_always()
  const joined = new Intl.ListFormat(currentLocale(), {
    type: said.join === 'all' ? 'conjunction' : 'disjunction',
  })
  return joined.format(said.rows.map((row) => rowWords(row, fieldNamed(row.field, fields)!)))
}

function rowWords({ op, values }: Row, field: ConditionField): string {
  const either = new Intl.ListFormat(currentLocale(), { type: 'disjunction' })
  const words = either.format(values.map((value) => valueWord(value, field)))
  return [field.label, operatorWord(op, field), words].filter(Boolean).join(' ')
}

function valueWord(value: Value, { options }: ConditionField): string {
  if (typeof value === 'boolean') return value ? m.common_yes() : m.common_no()
  const chosen = options?.find((one) => one.value === String(value))
  return chosen?.label ?? (typeof value === 'number' ? `${value}` : m.conditions_quoted({ value }))
}
