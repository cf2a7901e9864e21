import { describe, expect, it } from 'vitest'
import type { Alert } from './fold.ts'
import { isMereRepeat } from './repeat.ts'
import { NO_TERMS, unrestrained } from './restraint.ts'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 2, 2)

const stored: Alert = {
  id: 'a',
  key: 'disk-full',
  state: {
    status: 'firing',
    severity: 'error',
    startsAt: NOW,
    endsAt: null,
    episode: 1,
    count: 1,
    lastAt: NOW,
    acknowledgedAt: null,
  },
  face: {
    severity_raw: null,
    title: 'Disk full',
    resource: null,
    service: null,
    host: 'db-1',
    link: null,
    labels: { team: 'db', site: 'rome' },
    annotations: {},
    enriched: {},
  },
  groupKey: 'g',
  ticketId: 't',
  firstAt: NOW,
  restraint: unrestrained(NOW),
  terms: NO_TERMS,
  written: { seenAt: NOW, dueAt: null },
}
const again = (at: number, more: Partial<Alert> = {}): Alert => ({
  ...stored,
  state: { ...stored.state, count: 2, lastAt: NOW + at },
  // As an event shows it: in another order, and without what no look-up added.
  face: { ...stored.face, labels: { site: 'rome', team: 'db' }, enriched: undefined },
  ...more,
})
const expiring = { ...NO_TERMS, expireMs: 5 * MINUTE }

describe('an alert that is heard again', () => {
  it.each([
    ['within the minute', again(59_999), stored, true],
    ['after it', again(MINUTE), stored, false],
    ['worse', again(1, { state: { ...again(1).state, severity: 'critical' } }), stored, true],
    ['for the first time', again(1), undefined, false],
    ['over', again(1, { state: { ...again(1).state, status: 'resolved', endsAt: NOW } }), stored, false],
    ['with another title', again(1, { face: { ...stored.face, title: 'Disk nearly full' } }), stored, false],
    ['with another label', again(1, { face: { ...stored.face, labels: { team: 'db' } } }), stored, false],
    ['with a ticket found', again(1, { ticketId: 'u' }), stored, false],
    [
      'held back',
      again(1, { restraint: { ...stored.restraint, held: { by: 'hold', until: NOW + 9 } } }),
      stored,
      false,
    ],
    [
      'that would end later than its row says',
      again(1, { terms: expiring }),
      { ...stored, terms: expiring, written: { seenAt: NOW, dueAt: NOW + 5 * MINUTE } },
      true,
    ],
    [
      'that would end sooner',
      again(1, { terms: expiring }),
      { ...stored, terms: expiring, written: { seenAt: NOW, dueAt: NOW + 6 * MINUTE } },
      false,
    ],
    ['that may end now', again(1, { terms: expiring }), stored, false],
  ] as const)('%s', (_how, after, before, mere) => {
    expect(isMereRepeat(before, after)).toBe(mere)
  })
})
