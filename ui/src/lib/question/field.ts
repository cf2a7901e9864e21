import type { Kind } from '#lib/api/types.ts'
import type { Category } from '#lib/category/tree.ts'
import { m } from '#lib/paraglide/messages.js'
import { type Label, labelText } from '#lib/text/label.ts'
import { currentLocale } from '#lib/text/locale.ts'
import { calendarDay } from '#lib/time/exact.ts'

export type FieldType =
  | 'text'
  | 'textarea'
  | 'number'
  | 'date'
  | 'select'
  | 'multiselect'
  | 'checkbox'
  | 'person'
export type Answer = string | number | boolean | string[]
export type Answers = Record<string, Answer>

export interface Condition {
  field: string
  is: string[]
}

/** One question of a form. */
export interface FormField {
  key: string
  label: Label
  help?: Label
  type: FieldType
  required: boolean
  required_when?: Condition
  visible_when?: Condition
  options?: { value: string; label: Label; retired?: boolean }[]
  /** Of a person: employees may look people up by name. */
  names?: boolean
}

/** As much of a question as its answer needs to be told in words. */
export type AnsweredQuestion = Pick<FormField, 'key' | 'label' | 'type' | 'options'>

/** A question that tickets of some kinds and categories are asked. */
export interface CustomField extends FormField {
  id: string
  kinds: Kind[]
  category_ids: string[]
  asked: boolean
  /** Must be answered before a person says that the work is done. */
  required_at_end: boolean
  position: number
  archived: boolean
  revision: number
}

/** The custom fields of a ticket of this kind and category. */
export function fieldsFor(
  kind: Kind,
  categoryId: string | undefined,
  fields: readonly CustomField[],
  categories: readonly Category[],
): CustomField[] {
  const path = categories.find(({ id }) => id === categoryId)?.path ?? []
  return fields.filter(
    (field) =>
      !field.archived &&
      field.kinds.includes(kind) &&
      (field.category_ids.length === 0 || field.category_ids.some((id) => path.includes(id))),
  )
}

/** The questions to ask with these answers, each with whether it must be answered; the desk decides the same way. */
export function asked<Field extends FormField>(
  form: readonly Field[],
  answers: Record<string, unknown>,
): Field[] {
  const shown = new Set<string>()
  const met = ({ field, is }: Condition) =>
    shown.has(field) &&
    [(answers[field] as Answer | null | undefined) ?? false].flat().some((one) => is.includes(String(one)))
  // Questions lean on one another only a few deep, and in any order.
  for (let round = 0; round < form.length; round++) {
    const before = shown.size
    for (const { key, visible_when } of form) if (!visible_when || met(visible_when)) shown.add(key)
    if (shown.size === before) break
  }
  return form
    .filter(({ key }) => shown.has(key))
    .map((field) => ({
      ...field,
      required: field.required || (!!field.required_when && met(field.required_when)),
    }))
}

export const isEmpty = (answer: unknown): boolean =>
  answer === undefined || answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0)

/** What was answered, of the questions that are asked. */
export const answersTo = (form: readonly FormField[], answers: Answers): Answers =>
  Object.fromEntries(
    asked(form, answers).flatMap(({ key }) => {
      const answer = answers[key]
      return answer === undefined || isEmpty(answer) ? [] : [[key, answer]]
    }),
  )

const isDay = (answer: unknown): answer is string =>
  typeof answer === 'string' && /^\d{4}-\d\d-\d\d$/.test(answer) && !Number.isNaN(Date.parse(answer))

/** An answer in words, by the names of its choices, or of the people that the ticket names. */
export function answerWords(
  field: AnsweredQuestion | undefined,
  answer: unknown,
  people: Record<string, string> = {},
): string {
  if (field?.type === 'person' && !isEmpty(answer)) return people[String(answer)] ?? m.question_person_gone()
  if (field?.type === 'date' && isDay(answer)) return calendarDay(answer, currentLocale())
  if (answer === true) return m.common_yes()
  if (answer === false) return m.common_no()
  return [answer]
    .flat()
    .map((one) => {
      const option = field?.options?.find(({ value }) => value === one)
      return option ? labelText(option.label) : String(one)
    })
    .join(', ')
}
