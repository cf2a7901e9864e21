import { expect, test } from 'vitest'
import { hrefOf, queryOf, readQuestion } from './question.ts'

const now = Date.parse('2026-11-22T23:30:00Z')
const ask = (address: string) => readQuestion(new URLSearchParams(address))

test('a preset counts whole days of the reporting zone, today included', () => {
  expect(queryOf(ask(''), 'UTC', now)).toEqual({ query: { from: '2026-10-24' }, step: 'day' })
  expect(queryOf(ask(''), 'Europe/Rome', now).query.from).toBe('2026-10-25')
  expect(queryOf(ask('days=365'), 'UTC', now).step).toBe('month')
})

test('the last day of a chosen period is part of it', () => {
  const { query } = queryOf(ask('from=2026-01-01&to=2026-01-31&team=x'), 'UTC', now)
  expect(query).toEqual({ from: '2026-01-01', to: '2026-02-01', team: 'x' })
})

test.each(['?', '?days=90', '?from=2026-01-01&to=2026-02-01', '?team=a&priority=P1&compare=no'])(
  '%s is kept',
  (address) => {
    expect(hrefOf(ask(address))).toBe(address)
  },
)
