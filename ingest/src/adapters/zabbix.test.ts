import { expect, test } from 'vitest'
import { circumstancesOf } from '../place.ts'
import { zabbix } from './zabbix.ts'

const receivedAt = new Date('2026-06-01T00:00:00Z')
const circumstances = circumstancesOf(
  { path: '', query: {} },
  { headers: {}, receivedAt, zone: 'Europe/Rome' },
)
const read = (body: unknown) => zabbix.read(body, circumstances)[0]
const about = { trigger_id: '7', event_name: 'Disk full', host_name: 'app-1' }

test.each([
  ['a problem', { event_value: '1' }, 'trigger'],
  ['a number', { event_value: 0 }, 'resolve'],
  ['a word', { status: 'RESOLVED' }, 'resolve'],
  ['the default subject of a recovery', { alert_subject: 'Resolved in 5m: Disk full' }, 'resolve'],
  [
    'an acknowledgement',
    { event_value: '1', event_update_status: '1', event_update_action: 'acknowledged' },
    'acknowledge',
  ],
  [
    'the end of one',
    { event_value: '1', event_update_status: '1', event_update_action: 'unacknowledged' },
    'note',
  ],
  ['a comment', { event_value: '1', event_update_status: '1', event_update_action: 'commented' }, 'note'],
  ['a host that was found', { event_value: '1', event_source: '1' }, 'note'],
  ['a value of no meaning', { event_value: '2' }, 'note'],
  ['a test', { event_value: '{EVENT.VALUE}' }, 'test'],
])('%s', (_name, fields, kind) => {
  expect(read({ event_id: 0, ...about, ...fields })).toMatchObject({ kind, dedup_key: '0' })
})

test.each([
  ['EVENT.ID', { 'EVENT.ID': '42', 'EVENT.VALUE': '1', 'EVENT.NAME': 'Disk full', 'HOST.NAME': 'app-1' }],
  ['eventId', { eventId: 42, eventValue: 1, eventName: 'Disk full', hostName: 'app-1' }],
  ['event: { id }', { event: { id: '42', value: '1', name: 'Disk full' }, host: { name: 'app-1' } }],
  [
    'id beside triggerId',
    { id: '42', triggerId: '7', name: 'Disk full', status: 'PROBLEM', 'HOST.NAME': 'app-1' },
  ],
])('the macros named %s are one alert', (_name, body) => {
  expect(read(body)).toMatchObject({ kind: 'trigger', dedup_key: '42', title: 'Disk full', host: 'app-1' })
})

test('both ends of a recovery, in the server’s zone, and its tags', () => {
  const dates = { event_date: '2026.05.02', event_time: '13:00:00' }
  const over = { event_recovery_date: '2026.05.02', event_recovery_time: '13:30:00' }
  const event = read({
    event_id: '1',
    event_value: '0',
    ...about,
    ...dates,
    ...over,
    event_tags: 'service:shop, urgent',
  })
  expect(event).toMatchObject({
    starts_at: '2026-05-02T11:00:00Z',
    ends_at: '2026-05-02T11:30:00Z',
    service: 'shop',
    labels: { service: 'shop', urgent: 'true' },
  })
})
