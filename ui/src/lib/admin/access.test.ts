import { expect, it } from 'vitest'
import type { Me } from '#lib/api/types.ts'
import { administers, mayOpen, mayOpenPath } from './access.ts'

const person = { id: 'p', name: 'P', email: null, locale: 'en', zone: 'UTC' } as const
const withAll = (...capabilities: string[]): Me => ({
  person,
  administrator: false,
  roles: [],
  capabilities,
  mails: { mentions: true },
})

it('opens to a manager what their teams need, by its address too', () => {
  const manager = withAll('ticket.read', 'schedule.edit', 'integration.read', 'audit.read')
  expect(administers(manager)).toBe(true)
  expect(mayOpen(manager, '/admin/escalations')).toBe(true)
  expect(mayOpenPath(manager, '/admin')).toBe(true)
  expect(mayOpenPath(manager, '/admin/escalations/new')).toBe(true)
  expect(mayOpenPath(manager, '/admin/people')).toBe(false)
  expect(mayOpenPath(manager, '/admin/slas/1')).toBe(false)
  expect(mayOpenPath(manager, '/admin/what-comes-later')).toBe(false)
})

it('stays shut for everybody else', () => {
  expect(administers(withAll('ticket.read', 'schedule.read', 'team.read'))).toBe(false)
  expect(mayOpenPath(withAll('ticket.read'), '/admin')).toBe(false)
})
