import { createChance } from './chance.ts'
import type { People } from './people.ts'
import type { World } from './world.ts'

const VIEWS = [
  ['Urgent, nobody on it', { state: 'open', priority: 'P1,P2', assignee: 'none' }, 'due', null],
  ['Requests of my teams', { state: 'open', kind: 'request', team: 'mine' }, 'next', null],
  [
    'Open for over a week',
    { state: 'open', age: '>7d' },
    'created',
    ['created', 'number', 'title', 'team', 'assignee', 'updated', 'sla'],
  ],
] as const

/** Views that the desk shares, in the queues of those who sign in. Dice of their own, so that all else stays as it was. */
export function keepViews({ load, start }: World, { faces }: People): void {
  const chance = createChance(127)
  const views = VIEWS.map(([name, filter, sort, columns]) => ({
    id: chance.id(start),
    name,
    filter,
    sort,
    columns: columns && `{${columns.join()}}`,
    owner_id: faces.administrator.id,
    shared_with: 'all',
    created_at: new Date(start),
  }))
  load.add('ticket_view', ...views)
  load.add(
    'ticket_view_place',
    ...[faces.agent, faces.manager, faces.administrator].flatMap((person) =>
      views.map(({ id }, index) => ({ person_id: person.id, view_id: id, position: index + 1 })),
    ),
  )
}
