import { expect, test } from 'vitest'
import { fitAnything, readMatchers, WrongMatcher } from './matchers.ts'

const fits = (matcher: string, labels: Record<string, string>) => readMatchers([matcher])[0]!(labels)

test.each([
  ['severity="critical"', { severity: 'critical' }, true],
  ['{severity=~"crit.*|error"}', { severity: 'critical' }, true],
  ['severity=~crit', { severity: 'critical' }, false],
  ['severity!~"crit.*"', {}, true],
  ['team=""', {}, true],
  ['"host.name"="a \\"b\\""', { 'host.name': 'a "b"' }, true],
])('%s over %j: %s', (matcher, labels, expected) => expect(fits(matcher, labels)).toBe(expected))

test.each(['severity', '=x', 'a=~"("', '"open=x'])('%s is told as no matcher', (matcher) => {
  expect(() => readMatchers([matcher])).toThrow(WrongMatcher)
})

test('a large pattern over much text is given up', () => {
  const matcher = readMatchers(['a=~"(.*[ab]){300}[cd]"'])[0]!
  expect(() => matcher({ a: 'ab'.repeat(32_000) })).toThrow(/takes too long/)
})

test.each([
  [[{ name: 'a', value: '', isRegex: false, isEqual: true }], true],
  [[{ name: 'a', value: '.*', isRegex: true, isEqual: true }], true],
  [[{ name: 'a', value: 'x', isRegex: false, isEqual: false }], true],
  [
    [
      { name: 'a', value: '.*', isRegex: true, isEqual: true },
      { name: 'b', value: 'x', isRegex: false, isEqual: true },
    ],
    false,
  ],
])('%j fits what has no labels at all: %s', (given, expected) => expect(fitAnything(given)).toBe(expected))
