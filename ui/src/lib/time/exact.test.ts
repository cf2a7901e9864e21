import { expect, test } from 'vitest'
import { dateWords } from './exact.ts'

const now = Date.UTC(2026, 10, 22, 12)
const october = Date.UTC(2026, 9, 3, 12, 5)

test('a date some way off tells no more than needed', () => {
  expect(dateWords(october, now, 'en', 'Europe/Rome', 'short')).toMatch(/Oct.*3.*2:05|3 Oct.*14:05/)
  expect(dateWords(october, now, 'fr', 'Europe/Rome', 'narrow')).toBe('3 oct.')
  expect(dateWords(Date.UTC(2024, 0, 5), now, 'it', 'UTC', 'narrow')).toBe('5 gen 2024')
  // In Auckland the year has turned already.
  expect(dateWords(Date.UTC(2025, 11, 31, 12), now, 'fr', 'Pacific/Auckland', 'narrow')).toBe('1 janv.')
})
