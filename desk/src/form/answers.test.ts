import { describe, expect, it } from 'vitest'
import { DeskError, type FieldError } from '../activity/index.ts'
import { checkAnswers } from './answers.ts'
import { checkForm, type FormField } from './form.ts'

const label = { en: 'A question' }
const form: FormField[] = [
  { key: 'why', label, type: 'textarea', required: true },
  { key: 'room', label, type: 'text', required: false },
  { key: 'model', label, type: 'select', required: true, options: [{ value: 'light', label }] },
  { key: 'by', label, type: 'date', required: false },
  { key: 'agreed', label, type: 'checkbox', required: true },
]
const good = { why: 'The old one broke', model: 'light', agreed: true }
const errorsOf = (work: () => unknown): FieldError[] => {
  try {
    work()
  } catch (error) {
    if (error instanceof DeskError) return error.details.errors ?? []
    throw error
  }
  return []
}

describe('answers', () => {
  it('are kept clean, and only what is asked', () => {
    expect(
      checkAnswers(form, { ...good, why: ' a\u0000b\r\nc\ud800 ', room: '', by: '2026-12-01' }, 'en'),
    ).toEqual({
      why: 'ab\nc\ufffd',
      model: 'light',
      by: '2026-12-01',
      agreed: true,
    })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['nothing where something is needed', { why: '   ' }, 'fields.why'],
    ['a number for a text', { why: 5 }, 'fields.why'],
    ['a list for a text', { room: ['a'] }, 'fields.room'],
    ['a text too long', { room: 'x'.repeat(501) }, 'fields.room'],
    ['a choice that is none', { model: 'heavy' }, 'fields.model'],
    ['a day that is none', { by: '2026-02-30' }, 'fields.by'],
    ['a tick that is a word', { agreed: 'yes' }, 'fields.agreed'],
    ['a tick that is missing', { agreed: false }, 'fields.agreed'],
    ['a question that is not asked', { role: 'administrator' }, 'fields.role'],
    ['a prototype', JSON.parse('{"__proto__": "x"}') as Record<string, unknown>, 'fields.__proto__'],
  ])('refuse %s, by the question', (_, change, path) => {
    const given = Object.assign(Object.create(null) as object, good) as Record<string, unknown>
    for (const key of Object.keys(change))
      Object.defineProperty(given, key, { value: change[key], enumerable: true })
    expect(errorsOf(() => checkAnswers(form, given, 'en')).map((error) => error.path)).toEqual([path])
  })

  it('speak the reader’s language', () => {
    const messages = (['en', 'fr', 'it'] as const).map(
      (locale) => errorsOf(() => checkAnswers(form, { ...good, why: '' }, locale))[0]?.message,
    )
    expect(messages).toEqual([
      'Please answer this.',
      'Veuillez répondre à cette question.',
      'Risponda a questa domanda.',
    ])
  })
})

describe('a form', () => {
  it.each<[string, Partial<FormField>[], string[]]>([
    ['a key that is no key', [{ key: '__proto__' }], ['fields.0.key']],
    ['a key twice', [{}, {}], ['fields.1.key']],
    ['a select without choices', [{ type: 'select' }], ['fields.0.options']],
    ['choices without a select', [{ options: [{ value: 'a', label }] }], ['fields.0.options']],
    [
      'a choice twice',
      [{ type: 'select', options: [1, 2].map(() => ({ value: 'a', label })) }],
      ['fields.0.options'],
    ],
  ])('is refused with %s', (_, fields, paths) => {
    const whole = fields.map((field): FormField => ({
      key: 'a',
      label,
      type: 'text',
      required: true,
      ...field,
    }))
    expect(errorsOf(() => checkForm(whole)).map((error) => error.path)).toEqual(paths)
  })
})
