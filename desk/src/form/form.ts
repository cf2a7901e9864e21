import { DeskError, type FieldError } from '../activity/index.ts'
import type { Label } from '../services/index.ts'

export const FIELD_TYPES = [
  'text',
  'textarea',
  'number',
  'date',
  'select',
  'multiselect',
  'checkbox',
  'person',
] as const
export type FieldType = (typeof FIELD_TYPES)[number]

/** That another question of the form has one of these answers; a tick answers `true` or `false`. */
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
  /** Asked only then. */
  visible_when?: Condition
  /** For a select or a multiselect. What is retired can be chosen no more, and keeps its name. */
  options?: { value: string; label: Label; retired?: boolean }[]
  /** For a person: employees may look people up by name, and see nothing else of them. */
  names?: boolean
}

const MOST_FIELDS = 40
const MOST_OPTIONS = 200
const KEY = /^[a-z][a-z0-9_]{0,39}$/

const CHOOSING: FieldType[] = ['select', 'multiselect']
const DECIDING: FieldType[] = [...CHOOSING, 'checkbox']

/** Throws `invalid` with one error per field when a form cannot be asked, of employees where it is for them. */
export function checkForm(fields: FormField[], { employees = false } = {}): void {
  const errors: FieldError[] = []
  if (fields.length > MOST_FIELDS)
    errors.push({ path: 'fields', message: `At most ${MOST_FIELDS} questions.` })
  const seen = new Map<string, FormField>()
  for (const [position, field] of fields.entries()) {
    const path = `fields.${position}`
    if (!KEY.test(field.key))
      errors.push({ path: `${path}.key`, message: 'Lower-case letters, digits and underscores.' })
    if (seen.has(field.key)) errors.push({ path: `${path}.key`, message: `“${field.key}” is used twice.` })
    errors.push(...checkConditions(field, seen, path))
    seen.set(field.key, field)
    if (field.names && field.type !== 'person')
      errors.push({ path: `${path}.names`, message: 'Only a person is looked up by name.' })
    if (employees && field.type === 'person' && !field.names)
      errors.push({ path: `${path}.names`, message: 'Employees choose a person by name: say that they may.' })
    const values = field.options?.map((option) => option.value) ?? []
    if (CHOOSING.includes(field.type) && (values.length === 0 || values.length > MOST_OPTIONS))
      errors.push({ path: `${path}.options`, message: `Between 1 and ${MOST_OPTIONS} choices.` })
    if (!CHOOSING.includes(field.type) && values.length > 0)
      errors.push({ path: `${path}.options`, message: 'Only a select or a multiselect has choices.' })
    if (new Set(values).size < values.length)
      errors.push({ path: `${path}.options`, message: 'Two choices have the same value.' })
  }
  if (errors.length > 0) throw new DeskError('invalid', 'This form cannot be asked as it stands.', { errors })
}

/** A condition leans on a question among those before it that has few answers, and names some of them. */
export function checkConditions(
  field: FormField,
  before: ReadonlyMap<string, FormField>,
  path: string,
): FieldError[] {
  return (['visible_when', 'required_when'] as const).flatMap((name) => {
    const condition = field[name]
    if (!condition) return []
    const other = before.get(condition.field)
    const at = `${path}.${name}`
    if (!other || !DECIDING.includes(other.type))
      return [
        { path: at, message: 'Leans on a select, a multiselect or a checkbox that is asked before it.' },
      ]
    const possible =
      other.type === 'checkbox' ? ['true', 'false'] : (other.options ?? []).map(({ value }) => value)
    const unknown = condition.is.find((value) => !possible.includes(value))
    return condition.is.length === 0 || unknown !== undefined
      ? [{ path: at, message: `“${other.key}” has no such answer.` }]
      : []
  })
}
