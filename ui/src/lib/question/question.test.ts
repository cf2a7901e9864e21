import { expect, test } from 'vitest'
import type { FormField } from './field.ts'
import { questionDraft, questionInput } from './question.ts'

const field: FormField = {
  key: 'model',
  label: { en: 'Which one?', fr: 'Lequel ?' },
  help: { en: 'The lighter, the dearer.' },
  type: 'multiselect',
  required: false,
  options: [
    { value: 'light', label: { en: 'Light', fr: 'Léger', it: 'Leggero' } },
    { value: 'heavy', label: { en: 'Heavy' } },
  ],
  visible_when: { field: 'wants', is: ['true'] },
}

test('a question is read again as it was written', () => {
  expect(questionInput(questionDraft(field))).toEqual(field)
})

test('a choice keeps its value when it is translated, and a new one gets one', () => {
  const draft = { ...questionDraft(field), choices: 'Light\nHeavy | Lourd | Pesante\nÀ part' }
  expect(questionInput(draft).options).toEqual([
    { value: 'light', label: { en: 'Light' } },
    { value: 'heavy', label: { en: 'Heavy', fr: 'Lourd', it: 'Pesante' } },
    { value: 'a_part', label: { en: 'À part' } },
  ])
})
