import { expect, test } from 'vitest'
import { circumstancesOf } from '../place.ts'
import { prtg } from './prtg.ts'

const circumstances = circumstancesOf({ path: '', query: {} }, { headers: {}, receivedAt: new Date() })

test.each([
  ['Down', 'trigger', 'critical'],
  ['Down (Partial)', 'trigger', 'critical'],
  ['Down (Acknowledged)', 'acknowledge', 'critical'],
  ['Warning', 'trigger', 'warning'],
  ['Unusual ended (now: Warning)', 'trigger', 'warning'],
  ['Warning ended (now: Down (Acknowledged))', 'acknowledge', 'critical'],
  ['Down ended (now: Up)', 'resolve', 'ok'],
  ['Down ended', 'resolve', 'ok'],
  ['Up', 'resolve', 'ok'],
  ['Down ended (now: Paused by Schedule)', 'note', 'warning'],
  ['Down ended (now: Unknown)', 'note', 'warning'],
  ['Paused', 'note', 'warning'],
  ['%status', 'test', 'warning'],
])('“%s” is a %s', (status, kind, severity) => {
  const [event] = prtg.read({ sensorid: 0, status, name: 'Ping' }, circumstances)
  expect(event).toMatchObject({ kind, severity, dedup_key: '0' })
})
