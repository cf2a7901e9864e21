import { expect, it } from 'vitest'
import type { CustomField } from './field.ts'
import { unanswered } from './unanswered.ts'

const field = (key: string, more: Partial<CustomField> = {}): CustomField => ({
  id: key,
  key,
  label: { en: key },
  type: 'text',
  required: false,
  required_at_end: true,
  kinds: ['incident'],
  category_ids: [],
  asked: false,
  position: 0,
  archived: false,
  revision: 1,
  ...more,
})
const FIELDS = [
  field('cause'),
  field('note', { required_at_end: false }),
  field('tick', { type: 'checkbox' }),
  field('parts', { type: 'multiselect', options: [{ value: 'ram', label: { en: 'RAM' } }] }),
  field('price', { type: 'number', category_ids: ['hardware'] }),
  field('serial', { visible_when: { field: 'tick', is: ['true'] } }),
  field('risk', { kinds: ['change'] }),
]

it.each([
  ['incident', undefined, {}, ['cause', 'tick', 'parts']],
  ['incident', ['it', 'hardware'], {}, ['cause', 'tick', 'parts', 'price']],
  ['incident', ['it'], { cause: 'rust', tick: true, parts: ['ram'] }, ['serial']],
  ['incident', ['hardware'], { cause: 'rust', tick: true, parts: [], price: 0, serial: '7' }, ['parts']],
  ['incident', undefined, { cause: '', tick: false, parts: ['ram'] }, ['cause', 'tick']],
  ['change', undefined, {}, ['risk']],
  ['request', undefined, {}, []],
])('of a %s beneath %j answered %j: %j', (kind, path, answers, expected) => {
  expect(unanswered(FIELDS, { kind, path, answers })).toEqual(expected)
})
