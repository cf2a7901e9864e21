import { expect, test } from 'vitest'
import { circumstancesOf } from '../place.ts'
import { alertaApi } from './alerta_api.ts'

const circumstances = circumstancesOf({ path: '', query: {} }, { headers: {}, receivedAt: new Date() })
const keyOf = (body: Record<string, unknown>) => {
  const [event] = alertaApi.read({ environment: 'Production', resource: 'r1', ...body }, circumstances)
  return event && 'dedup_key' in event ? event.dedup_key : undefined
}

test('events that correlate are one alert, whoever speaks and however the others are listed', () => {
  const down = keyOf({ event: 'node_down', severity: 'critical', correlate: ['node_down', 'node_up'] })
  expect(keyOf({ event: 'node_up', severity: 'normal', correlate: ['node_up', 'node_down'] })).toBe(down)
  expect(keyOf({ event: 'node_up', severity: 'normal', correlate: ['node_down'] })).toBe(down)
  expect(keyOf({ event: 'disk_full', severity: 'critical' })).not.toBe(down)
  expect(keyOf({ event: 'node_up', resource: 'r2', correlate: ['node_down'] })).not.toBe(down)
})

test.each([
  ['normal', 'resolve'],
  ['ok', 'resolve'],
  ['Cleared', 'resolve'],
  ['major', 'trigger'],
  ['unknown', 'trigger'],
])('%s means %s', (severity, kind) => {
  const [event] = alertaApi.read({ event: 'e', resource: 'r', severity }, circumstances)
  expect(event?.kind).toBe(kind)
})
