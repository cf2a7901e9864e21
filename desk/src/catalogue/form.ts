import { DeskError, type FieldError } from '../activity/index.ts'
import type { Label } from '../services/index.ts'

export type FieldType = 'text' | 'textarea' | 'select' | 'date' | 'checkbox'

/** One question of an item's form. */
export interface FormField {
  key: string
  label: Label
  help?: Label
  type: FieldType
  required: boolean
  /** For a select. */
  options?: { value: string; label: Label }[]
}

const MOST_FIELDS = 40
const MOST_OPTIONS = 200
const KEY = /^[a-z][a-z0-9_]{0,39}$/

/** Throws `invalid` with one error per field when a form cannot be asked. */
export function checkForm(fields: FormField[]): void {
  const errors: FieldError[] = []
  if (fields.length > MOST_FIELDS)
    errors.push({ path: 'fields', message: `At most ${MOST_FIELDS} questions.` })
  const seen = new Set<string>()
  for (const [position, field] of fields.entries()) {
    const path = `fields.${position}`
    if (!KEY.test(field.key))
      errors.push({ path: `${path}.key`, message: 'Lower-case letters, digits and underscores.' })
    if (seen.has(field.key)) errors.push({ path: `${path}.key`, message: `“${field.key}” is used twice.` })
    seen.add(field.key)
    const values = field.options?.map((option) => option.value) ?? []
    if (field.type === 'select' && (values.length === 0 || values.length > MOST_OPTIONS))
      errors.push({ path: `${path}.options`, message: `Between 1 and ${MOST_OPTIONS} choices.` })
    if (field.type !== 'select' && values.length > 0)
      errors.push({ path: `${path}.options`, message: 'Only a select has choices.' })
    if (new Set(values).size < values.length)
      errors.push({ path: `${path}.options`, message: 'Two choices have the same value.' })
  }
  if (errors.length > 0) throw new DeskError('invalid', 'This form cannot be asked as it stands.', { errors })
}
