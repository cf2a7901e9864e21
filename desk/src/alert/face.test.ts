import { expect, test } from 'vitest'
import { composeEvent } from '../event/index.ts'
import { faceOf } from './fold.ts'

const faced = (read: object) =>
  faceOf(
    composeEvent(
      { kind: 'trigger', dedupKey: 'k', severity: null, title: null, ...read },
      new Date('2026-03-02T05:00:00Z'),
    ),
  ).title

test.each([
  [{ title: 'Full', resource: '/srv' }, 'Full'],
  [{ annotations: { description: 'No heartbeat\nfor a minute' }, host: 'web-1' }, 'No heartbeat'],
  [{ resource: '/srv', host: 'web-1' }, '/srv'],
  [{ service: 'billing' }, 'billing'],
  [{}, 'Untitled alert'],
])('an alert whose sender gives no title is called by what it says: %j', (read, title) => {
  expect(faced(read)).toBe(title)
})
