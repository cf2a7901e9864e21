import { expect, test } from 'vitest'
import { parseFilter } from '#lib/filter/grammar.ts'
import { queryOf } from '../../routes/(agent)/tickets/query.ts'
import { typedOf } from './saved-view.ts'

const team = '01900000-0000-7000-8000-000000000001'
const person = '01900000-0000-7000-8000-000000000002'
const service = '01900000-0000-7000-8000-000000000003'
const known = {
  teams: [
    { id: team, name: 'Service Desk', members: [{ person_id: person, name: 'Ada Rossi', role: 'agent' }] },
  ],
  services: [{ id: service, key: 'payments', name: { en: 'Payments', fr: 'Paiements', it: 'Pagamenti' } }],
}

test.each([
  [{ state: 'open' }, 'state:open'],
  [{ state: 'new,pending', priority: 'P1,P2' }, 'state:new,pending priority:P1,P2'],
  [{ team: 'mine', assignee: 'none' }, 'team:mine assignee:none'],
  [
    { team, service, assignee: person, q: 'disk full' },
    'team:"Service Desk" service:Payments assignee:"Ada Rossi" disk full',
  ],
  [{ team: `${team},none`, q: '-tag:vpn -test' }, 'team:"Service Desk",none -tag:vpn -test'],
  [{ field: 'system=mac,parts=a\\,b', age: '>3d' }, 'field:system=mac,"parts=a,b" age:>3d'],
])('%j is typed as %s, and asks the same again', (asked, typed) => {
  expect(typedOf(asked, known)).toBe(typed)
  expect(queryOf(parseFilter(typed), known)).toEqual(asked)
})

test('what is gone since is named by what was kept', () => {
  expect(typedOf({ team }, { teams: [], services: [] })).toBe(`team:${team}`)
})
