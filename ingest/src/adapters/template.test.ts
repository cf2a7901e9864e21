import { expect, test } from 'vitest'
import { holdsVariable, templateFields } from './template.ts'

const VARIABLE = /^\{[A-Z.]+\}$/

test('one name, however it is spelled or nested; what says nothing is absent', () => {
  const body = {
    'EVENT.ID': '7',
    event: { id: 8, Value: 0 },
    host_name: ' ',
    trigger: '{TRIGGER.ID}',
    none: null,
  }
  expect(templateFields(VARIABLE, body)).toEqual({ eventid: '7', eventvalue: 0, event: { id: 8, Value: 0 } })
})

test('the first body holds', () => {
  expect(templateFields(VARIABLE, { State: 'body' }, { state: 'address', x: '1' })).toEqual({
    state: 'body',
    x: '1',
  })
})

test('a name of the language’s own is a name like any other', () => {
  const fields = templateFields(VARIABLE, JSON.parse('{"__proto__": {"id": 1}, "constructor": "c"}'))
  expect(Object.keys(fields).toSorted()).toEqual(['constructor', 'proto', 'protoid'])
})

test('a variable that was not filled in', () => {
  expect(holdsVariable(VARIABLE, [{ event_value: '{EVENT.VALUE}' }], 'eventvalue')).toBe(true)
  expect(holdsVariable(VARIABLE, [{ event_value: '1' }], 'eventvalue')).toBe(false)
})
