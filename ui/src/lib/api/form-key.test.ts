import { expect, test } from 'vitest'
import { formKey } from './form-key.ts'

test('is the same for the same again, and another for what was corrected or is of another form', () => {
  const body = { title: 'No ink', fields: { serial: 'C02' } }
  expect(formKey('a', { ...body })).toBe(formKey('a', body))
  expect(formKey('a', body).length).toBeLessThan(200)
  const others = [
    formKey('a', { ...body, title: 'No  ink' }),
    formKey('a', { ...body, fields: { serial: 'C03' } }),
    formKey('b', body),
  ]
  expect(new Set([formKey('a', body), ...others]).size).toBe(4)
})
