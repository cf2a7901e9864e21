import { m } from '#lib/paraglide/messages.js'
import type { ConditionField } from './fields.ts'
import type { Operator } from './rows.ts'

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
// Days come before one another and are not smaller; a category holds those beneath it.
const ofDates: Partial<Record<Operator, () => string>> = {
  lt: m.condition_before,
  gt: m.condition_after,
}
const ofCategories: Partial<Record<Operator, () => string>> = {
  has: m.condition_is,
  has_not: m.condition_is_not,
}

export function operatorWord(op: Operator, field: ConditionField): string {
  if (field.type === 'date') return (ofDates[op] ?? operators[op])()
  if (field.key === 'categories') return (ofCategories[op] ?? operators[op])()
  return operators[op]()
}
