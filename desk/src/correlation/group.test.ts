import { describe, expect, test } from 'vitest'
import { groupOf, matchedFields } from './group.ts'

describe('groupOf', () => {
  const event = (labels: Record<string, string>, group_key: string | null = null) => ({
    labels,
    group_key,
    dedup_key: 'k1',
  })
  test.each([
    [
      'the sender’s own group comes first',
      event({ alertname: 'A', service: 's' }, '{}:{x}'),
      'group:{}:{x}',
      { group_key: '{}:{x}' },
    ],
    [
      'else name and service',
      event({ alertname: 'A', service: 's' }),
      'name:["A","s"]',
      { alertname: 'A', service: 's' },
    ],
    ['else the name', event({ alertname: 'A' }), 'name:["A"]', { alertname: 'A' }],
    ['else the alert alone', event({ service: 's' }), 'key:k1', { dedup_key: 'k1' }],
  ])('%s', (_name, given, expected, matched) => {
    expect(groupOf(given)).toBe(expected)
    expect(matchedFields(expected, given.labels)).toEqual(matched)
  })

  test('it fits an index, and long groups that differ late stay apart', () => {
    const long = (tail: string) => groupOf(event({}, 'x'.repeat(3_000) + tail))
    expect(long('a').length).toBeLessThanOrEqual(255)
    expect(long('a')).not.toBe(long('b'))
  })
})
