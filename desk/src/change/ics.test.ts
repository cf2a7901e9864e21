import { expect, test } from 'vitest'
import { changesCalendar } from './ics.ts'

const now = new Date('2026-11-28T12:00:00.123Z')
const change = {
  number: 'CHG-7',
  title: 'Upgrade; restart, then\r\nEND:VCALENDAR é'.padEnd(200, 'è'),
  state: 'scheduled',
  type: 'normal',
  risk: 'high',
  service: 'Shop',
  planned_start: new Date('2026-12-01T20:00:00Z'),
  planned_end: new Date('2026-12-01T22:00:00Z'),
  revision: 3,
}

test('a calendar is folded by bytes, its text cannot end it, and its instants are UTC', () => {
  const text = changesCalendar([change], 'https://desk.example', now)
  const lines = text.split('\r\n')
  expect(lines.every((line) => Buffer.byteLength(line) <= 75)).toBe(true)
  expect(text.replaceAll('\r\n ', '').split('\r\n')).toContain(
    `SUMMARY:CHG-7 ${String.raw`Upgrade\; restart\, then\nEND:VCALENDAR é`}${change.title.slice(change.title.indexOf('é') + 1)}`,
  )
  expect(lines.filter((line) => line === 'END:VCALENDAR')).toHaveLength(1)
  expect(lines).toEqual(
    expect.arrayContaining([
      'UID:CHG-7@desk.example',
      'DTSTART:20261201T200000Z',
      'DTEND:20261201T220000Z',
      'STATUS:CONFIRMED',
    ]),
  )
})
