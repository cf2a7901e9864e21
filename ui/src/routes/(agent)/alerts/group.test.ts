import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AlertLine } from '#lib/api/types.ts'
import { groupAlerts } from './group.ts'

const ticketOf = (number: string | null, priority: string) =>
  number ? { number, title: number, state: 'new', priority } : null
const alertOf = (
  id: string,
  number: string | null,
  service: string | null,
  severity = 'error',
  priority = 'P3',
) =>
  ({
    id,
    service,
    severity,
    starts_at: '2026-11-22T00:00:00Z',
    ticket: ticketOf(number, priority),
  }) as AlertLine

test('what nobody looks after comes first, then incidents by priority, the worst alert first', () => {
  const groups = groupAlerts([
    alertOf('a', 'INC-10', 'shop', 'warning', 'P2'),
    alertOf('b', 'INC-9', null, 'error', 'P1'),
    alertOf('c', 'INC-10', 'shop', 'critical', 'P2'),
    alertOf('d', null, 'vpn'),
    alertOf('e', 'INC-10', null, 'info', 'P2'),
  ])
  expect(groups.map(({ ticket }) => ticket?.number)).toEqual([undefined, 'INC-9', 'INC-10'])
  expect(groups[2]?.services.map(({ service, alerts }) => [service, alerts.map(({ id }) => id)])).toEqual([
    ['shop', ['c', 'a']],
    [null, ['e']],
  ])
})

test('every alert stands in exactly one place', () => {
  const some = fc.constantFrom(null, 'INC-1', 'INC-2')
  const alerts = fc
    .array(fc.tuple(some, fc.constantFrom(null, 'a', 'b')))
    .map((list) => list.map(([number, service], index) => alertOf(String(index), number, service)))
  fc.assert(
    fc.property(alerts, (given) => {
      const placed = groupAlerts(given).flatMap(({ services }) => services.flatMap((group) => group.alerts))
      expect(placed.map(({ id }) => Number(id)).toSorted((a, b) => a - b)).toEqual(
        given.map((_, index) => index),
      )
    }),
    { seed: 5 },
  )
})
