import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeskError, type FieldError } from '../activity/index.ts'
import { checkAnswers } from './answers.ts'
import { asked } from './asked.ts'
import { checkForm, type FormField } from './form.ts'

const label = { en: 'A question' }
const options = ['a', 'b', 'c'].map((value) => ({ value, label }))
const form: FormField[] = [
  { key: 'device', label, type: 'select', required: true, options },
  { key: 'serial', label, type: 'text', required: true, visible_when: { field: 'device', is: ['a', 'b'] } },
  { key: 'lost', label, type: 'checkbox', required: false, visible_when: { field: 'device', is: ['a'] } },
  { key: 'where', label, type: 'text', required: false, visible_when: { field: 'lost', is: ['true'] } },
  { key: 'cost', label, type: 'number', required: false, required_when: { field: 'device', is: ['c'] } },
  { key: 'parts', label, type: 'multiselect', required: false, options },
]
const errorsOf = (work: () => unknown): FieldError[] => {
  try {
    work()
  } catch (error) {
    if (error instanceof DeskError) return error.details.errors ?? []
    throw error
  }
  return []
}
const pathsOf = (given: Record<string, unknown>) =>
  errorsOf(() => checkAnswers(form, given, 'en')).map(({ path }) => path.replace('fields.', ''))

describe('a question that depends on another', () => {
  it.each<[Record<string, unknown>, string[]]>([
    [{}, ['device', 'cost', 'parts']],
    [{ device: 'a' }, ['device', 'serial', 'lost', 'cost', 'parts']],
    [{ device: 'a', lost: true }, ['device', 'serial', 'lost', 'where', 'cost', 'parts']],
    [{ device: 'b', lost: true }, ['device', 'serial', 'cost', 'parts']],
    [{ device: 'c' }, ['device', 'cost', 'parts']],
  ])('is asked with the right answers alone: %o', (given, keys) => {
    expect(asked(form, given).map(({ key }) => key)).toEqual(keys)
  })

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a hidden one need not be answered', { device: 'c', cost: 1 }, []],
    ['a shown one must be', { device: 'a' }, ['serial']],
    ['one that is required then must be', { device: 'c' }, ['cost']],
    ['a hidden one cannot be answered', { device: 'c', cost: 1, serial: 'x' }, ['serial']],
    ['nor one behind it', { device: 'b', serial: 'x', where: 'here' }, ['where']],
    ['a word for a number', { device: 'c', cost: 'much' }, ['cost']],
    ['a list with what is no choice', { device: 'c', cost: '1.5', parts: ['a', 'z'] }, ['parts']],
    ['a word for a list', { device: 'c', cost: 1, parts: 'a' }, ['parts']],
  ])('%s', (_, given, paths) => {
    expect(pathsOf(given)).toEqual(paths)
  })

  it('keeps numbers as numbers and lists once, in the order of the choices', () => {
    expect(checkAnswers(form, { device: 'c', cost: '12.50', parts: ['c', 'a', 'c'] }, 'en')).toEqual({
      device: 'c',
      cost: 12.5,
      parts: ['a', 'c'],
    })
  })

  it('is asked as a slow reading of the form says, and never in a circle', () => {
    const keys = ['k0', 'k1', 'k2', 'k3']
    const wild = fc.tuple(
      ...keys.map((key) =>
        fc.record({
          key: fc.constant(key),
          label: fc.constant(label),
          type: fc.constant('select' as const),
          required: fc.boolean(),
          options: fc.constant(options),
          visible_when: fc.option(
            fc.record({ field: fc.constantFrom(...keys), is: fc.subarray(['a', 'b'], { minLength: 1 }) }),
            { nil: undefined },
          ),
        }),
      ),
    )
    const answers = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom('a', 'b', 'c'))
    // What is certainly asked grows until nothing is added: a circle is never entered.
    const slow = (fields: readonly FormField[], given: Record<string, unknown>) => {
      const shown = new Set<string>()
      for (let round = 0; round <= fields.length; round++)
        for (const { key, visible_when } of fields)
          if (
            !visible_when ||
            (shown.has(visible_when.field) && visible_when.is.includes(String(given[visible_when.field])))
          )
            shown.add(key)
      return fields.map(({ key }) => key).filter((key) => shown.has(key))
    }
    fc.assert(
      fc.property(wild, answers, (fields, given) => {
        expect(asked(fields, given).map(({ key }) => key)).toEqual(slow(fields, given))
      }),
      { seed: 7, numRuns: 1000 },
    )
  })

  it.each<[string, Partial<FormField>]>([
    ['a question after it', { visible_when: { field: 'later', is: ['a'] } }],
    ['itself', { visible_when: { field: 'first', is: ['a'] } }],
    ['an answer that is none', { visible_when: { field: 'zero', is: ['z'] } }],
    ['no answer', { required_when: { field: 'zero', is: [] } }],
  ])('cannot lean on %s', (_, more) => {
    const fields: FormField[] = [
      { key: 'zero', label, type: 'select', required: false, options },
      { key: 'first', label, type: 'select', required: false, options, ...more },
      { key: 'later', label, type: 'select', required: false, options },
    ]
    expect(errorsOf(() => checkForm(fields))).toHaveLength(1)
  })
})
