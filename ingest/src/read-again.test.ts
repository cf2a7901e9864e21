import { expect, test } from 'vitest'
import { readAgain } from './read-again.ts'

const letter = {
  kind: 'unread' as const,
  element: JSON.stringify({
    event_id: '7',
    event_value: '1',
    event_name: 'Disk full',
    event_date: '2026.07.01',
    event_time: '09:30:00',
    host_name: 'db-1',
  }),
}
const at = new Date('2026-07-01T08:00:00Z')

test.each([
  ['Europe/Rome', '2026-07-01T07:30:00Z'],
  ['Asia/Tokyo', '2026-07-01T00:30:00Z'],
  [null, '2026-07-01T09:30:00Z'],
])('a letter sent round again has its wall times read in %s', async (zone, starts_at) => {
  const [event] = await readAgain({ system: 'zabbix', mapping: null, mail_rules: null, zone }, letter, at)
  expect(event).toMatchObject({ kind: 'trigger', starts_at: expect.stringMatching(starts_at.slice(0, 19)) })
})
