import { type LabelDraft, labelDraft, labelInput } from '#lib/form/label-draft.ts'
import type { FormField } from '#lib/portal/types.ts'
import { labelText } from '#lib/text/label.ts'

/** A question while it is edited; choices are lines of English text, matched with those it had. */
export interface Question {
  key: string
  label: LabelDraft
  help: FormField['help']
  type: FormField['type']
  required: boolean
  choices: string
  kept: NonNullable<FormField['options']>
}

export const questionDraft = (field?: FormField): Question => ({
  key: field?.key ?? '',
  label: labelDraft(field?.label),
  help: field?.help,
  type: field?.type ?? 'text',
  required: field?.required ?? true,
  choices: (field?.options ?? []).map(({ label }) => labelText(label, 'en')).join('\n'),
  kept: field?.options ?? [],
})

const slug = (text: string) =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)

export function questionInput({ key, label, help, type, required, choices, kept }: Question): FormField {
  const lines = choices.split('\n').flatMap((line) => line.trim() || [])
  const options = lines.map(
    (line) =>
      kept.find((option) => labelText(option.label, 'en') === line) ?? {
        value: slug(line),
        label: { en: line },
      },
  )
  return {
    key: key || slug(label.en),
    label: labelInput(label),
    ...(help && { help }),
    type,
    required,
    ...(type === 'select' && { options }),
  }
}
