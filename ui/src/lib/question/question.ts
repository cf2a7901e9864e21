import { type LabelDraft, labelDraft, labelInput } from '#lib/form/label-draft.ts'
import type { Condition, FormField } from './field.ts'

/** A question while it is edited; choices are lines of text, each in up to three languages. */
export interface Question {
  key: string
  label: LabelDraft
  help: LabelDraft
  type: FormField['type']
  required: boolean
  names: boolean
  choices: string
  kept: NonNullable<FormField['options']>
  visible: ConditionDraft
  needed: ConditionDraft
}

/** A condition while it is edited: the key of a question, or nothing. */
export interface ConditionDraft {
  field: string
  is: string[]
}

const conditionDraft = (condition?: Condition): ConditionDraft => ({
  field: condition?.field ?? '',
  is: condition?.is ?? [],
})

export const questionDraft = (field?: FormField): Question => ({
  key: field?.key ?? '',
  label: labelDraft(field?.label),
  help: labelDraft(field?.help),
  type: field?.type ?? 'text',
  required: field?.required ?? true,
  names: field?.names ?? false,
  choices: (field?.options ?? [])
    .filter(({ retired }) => !retired)
    .map(({ label }) => lineOf(labelDraft(label)))
    .join('\n'),
  kept: field?.options ?? [],
  visible: conditionDraft(field?.visible_when),
  needed: conditionDraft(field?.required_when),
})

const lineOf = ({ en, fr, it }: LabelDraft): string => (fr || it ? [en, fr, it].join(' | ') : en)

/** "Light | Léger | Leggero" as a choice; one that stood keeps its value, known by its English. */
function choiceOf(line: string, kept: Question['kept']): NonNullable<FormField['options']>[number] {
  const [en = '', fr = '', it = ''] = line.split('|').map((part) => part.trim())
  const stood = kept.find(({ label }) => labelDraft(label).en === en)
  return { value: stood?.value ?? slug(en), label: labelInput({ en, fr, it }) }
}

const slug = (text: string) =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)

export const keyOf = ({ key, label }: Pick<Question, 'key' | 'label'>): string => key || slug(label.en)

export const isChoosing = (type: FormField['type']): boolean => type === 'select' || type === 'multiselect'

export const choicesOf = ({ choices, kept }: Question) =>
  choices.split('\n').flatMap((line) => (line.trim() ? [choiceOf(line, kept)] : []))

export const conditionOf = ({ field, is }: ConditionDraft): Condition | undefined =>
  field ? { field, is } : undefined

export function questionInput(question: Question): FormField {
  const { label, help, type, required, names, visible, needed } = question
  const [visible_when, required_when] = [conditionOf(visible), conditionOf(needed)]
  return {
    key: keyOf(question),
    label: labelInput(label),
    ...(help.en && { help: labelInput(help) }),
    type,
    required,
    ...(type === 'person' && { names }),
    ...(isChoosing(type) && { options: choicesOf(question) }),
    ...(visible_when && { visible_when }),
    ...(required_when && !required && { required_when }),
  }
}
