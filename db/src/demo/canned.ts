import { createChance } from './chance.ts'
import type { World } from './world.ts'

const REPLIES: [string, string][] = [
  [
    'We look into it',
    'Hello {{requester.first_name}},\n\nthank you, we look into {{ticket.number}} and write as soon as we know more.\n\n{{agent.name}}',
  ],
  [
    'Restart and tell us',
    'Hello {{requester.first_name}},\n\nplease restart the device and tell us whether it happens again. If it does, the time of day helps us.\n\n{{agent.name}}',
  ],
  [
    'Bonjour : nous regardons',
    'Bonjour {{requester.first_name}},\n\nmerci, nous regardons {{ticket.number}} et revenons vers vous.\n\n{{agent.name}}',
  ],
]

const MACROS: [string, Record<string, unknown>][] = [
  [
    'Waiting for the vendor',
    {
      note: 'Asked the vendor about {{ticket.service}}.',
      move: { name: 'pend', reason: 'vendor' },
      assignee: 'me',
      add_tags: ['vendor'],
    },
  ],
  [
    'Solved on the phone',
    {
      reply:
        'Hello {{requester.first_name}},\n\nas we found on the phone, {{ticket.number}} is solved.\n\n{{agent.name}}',
      move: { name: 'resolve', code: 'fixed' },
      assignee: 'me',
    },
  ],
]

/** What everybody at the desk finds prepared. Dice of its own, so that everything else stays as it was. */
export function prepareWords({ load, start }: World): void {
  const chance = createChance(77)
  const all = [
    ...REPLIES.map(([title, body]) => ({ kind: 'reply', title, body, does: null })),
    ...MACROS.map(([title, does]) => ({ kind: 'macro', title, body: '', does })),
  ]
  load.add('canned', ...all.map((one) => ({ id: chance.id(start), ...one, created_at: new Date(start) })))
}
