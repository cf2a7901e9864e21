import { expect, test } from 'vitest'
import type { Category } from '#lib/category/tree.ts'
import { answersTo, answerWords, asked, type CustomField, fieldsFor } from './field.ts'

const field = (key: string, more: Partial<CustomField> = {}): CustomField => ({
  id: key,
  key,
  label: key,
  type: 'text',
  required: false,
  kinds: ['incident', 'request'],
  category_ids: [],
  asked: true,
  required_at_end: false,
  position: 0,
  archived: false,
  revision: 1,
  ...more,
})
const categories = [
  { id: 'hw', path: ['hw'] },
  { id: 'pc', path: ['hw', 'pc'] },
] as Category[]
const fields = [
  field('where', { visible_when: { field: 'lost', is: ['true'] } }),
  field('lost', { type: 'checkbox', visible_when: { field: 'model', is: ['mac'] } }),
  field('model', { type: 'select', category_ids: ['hw'], options: [{ value: 'mac', label: { en: 'Mac' } }] }),
  field('old', { archived: true }),
  field('plan', { kinds: ['change'] }),
]

test('a ticket is asked what its kind and category ask, by inheritance', () => {
  expect(fieldsFor('incident', 'pc', fields, categories).map(({ key }) => key)).toEqual([
    'where',
    'lost',
    'model',
  ])
  expect(fieldsFor('incident', undefined, fields, categories).map(({ key }) => key)).toEqual([
    'where',
    'lost',
  ])
  expect(fieldsFor('change', 'pc', fields, categories).map(({ key }) => key)).toEqual(
    ['model', 'plan'].slice(1),
  )
})

test('what leans on another answer appears with it, in any order, and only that is sent', () => {
  const form = fields.slice(0, 3)
  expect(asked(form, {}).map(({ key }) => key)).toEqual(['model'])
  expect(asked(form, { model: 'mac', lost: true }).map(({ key }) => key)).toEqual(['where', 'lost', 'model'])
  expect(answersTo(form, { model: 'pc', lost: true, where: 'home' })).toEqual({ model: 'pc' })
})

test('an answer is told by the names of its choices', () => {
  expect(answerWords(fields[2], ['mac', 'gone'])).toBe('Mac, gone')
})
