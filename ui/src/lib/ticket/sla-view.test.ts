import { expect, test } from 'vitest'
import type { SlaClock } from '#lib/api/types.ts'
import { clockThatMatters, viewOf } from './sla-view.ts'

const hour = 3_600_000
const now = Date.UTC(2026, 10, 22, 12)
const at = (ms: number) => new Date(now + ms).toISOString()
const clock = (more: Partial<SlaClock>): SlaClock => ({
  target: 'resolution',
  due_at: at(hour),
  state: 'running',
  elapsed_ms: hour,
  target_ms: 2 * hour,
  breached_at: null,
  ...more,
})

test.each([
  ['in time', clock({}), 'calm', 0.5],
  ['with little left', clock({ due_at: at(hour / 4) }), 'soon', 0.125],
  ['over', clock({ due_at: at(-hour), state: 'breached' }), 'late', 0],
  ['stopped after a breach', clock({ due_at: null, state: 'breached' }), 'late', 0],
  ['paused', clock({ due_at: null, state: 'paused', elapsed_ms: hour / 2 }), 'paused', 0.75],
  ['met', clock({ due_at: null, state: 'met' }), 'met', 1],
])('a clock %s', (_name, given, tone, left) => {
  expect(viewOf(given, now)).toMatchObject({ tone, left })
})

test('the clock that is due first matters, and a running one before one that is over and done', () => {
  const response = clock({ target: 'response', due_at: at(hour / 2) })
  const met = clock({ target: 'response', state: 'met', due_at: null })
  expect(clockThatMatters([clock({}), response])).toBe(response)
  expect(clockThatMatters([met, clock({})])?.target).toBe('resolution')
  expect(clockThatMatters([])).toBeUndefined()
})
