import type { Condition, FormField } from './form.ts'

type Given = Record<string, unknown>

/** Whether an answer is one of those that a condition names. Ticks are `true` and `false`; a list holds one of them. */
const meets = ({ is }: Condition, answer: unknown): boolean =>
  (Array.isArray(answer) ? answer : [answer]).some((one) => is.includes(String(one ?? false)))

/**
 * The questions that are asked, given the answers so far, and whether each must be answered. One that depends on a
 * question which is not asked itself, or on one another in a circle, is not asked.
 */
export function asked<Field extends FormField>(form: readonly Field[], given: Given): Field[] {
  const byKey = new Map(form.map((field) => [field.key, field]))
  const known = new Map<string, boolean>()
  const isAsked = (key: string): boolean => {
    const field = byKey.get(key)
    if (!field) return false
    const before = known.get(key)
    if (before !== undefined) return before
    known.set(key, false)
    const holds = !field.visible_when || isMet(field.visible_when)
    known.set(key, holds)
    return holds
  }
  const isMet = (condition: Condition): boolean =>
    isAsked(condition.field) &&
    meets(condition, Object.hasOwn(given, condition.field) ? given[condition.field] : undefined)
  return form
    .filter(({ key }) => isAsked(key))
    .map((field) => ({
      ...field,
      required: field.required || (!!field.required_when && isMet(field.required_when)),
    }))
}
