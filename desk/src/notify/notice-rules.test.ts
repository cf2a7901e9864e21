import { expect, it } from 'vitest'
import { noticesFor, type ToldLine, type ToldTicket } from './notice-rules.ts'

const ticket: ToldTicket = {
  requester_id: 'emma',
  assignee_id: 'alex',
  channel: 'portal',
  watchers: ['wim', 'emma'],
  audience: [],
  shadow: false,
}
const line = (verb: string, actor_id: string | null, more: Partial<ToldLine> = {}): ToldLine => ({
  verb,
  actor_id,
  subject_kind: 'ticket',
  after: {},
  cause: null,
  visibility: 'public',
  ...more,
})

it.each<[string, ToldLine, Partial<ToldTicket>, string[]]>([
  ['confirms a request to whoever made it', line('open', 'emma'), {}, ['emma received']],
  ['says nothing of what monitoring opened', line('open', null), { channel: 'monitoring' }, []],
  [
    'says nothing of what is in shadow',
    line('assign', 'alex', { after: { assignee_id: 'ada' } }),
    { shadow: true },
    [],
  ],
  [
    'nor to whom a clock would tell',
    line('sla-tell', null, { after: { people: ['ada'] } }),
    { shadow: true },
    [],
  ],
  [
    'but passes on what a person writes',
    line('reply', 'alex'),
    { shadow: true },
    ['emma reply', 'wim reply'],
  ],
  ['says nothing of imported history', line('open', null), { channel: 'import' }, []],
  [
    'tells requester and watchers of a reply, each once',
    line('reply', 'alex'),
    {},
    ['emma reply', 'wim reply'],
  ],
  ['does not tell a watcher of their own reply', line('reply', 'wim'), {}, ['emma reply']],
  ['tells the assignee what the requester wrote', line('comment', 'emma'), {}, ['alex comment']],
  ['tells nobody where nobody has it yet', line('comment', 'emma'), { assignee_id: null }, []],
  ['keeps internal notes inside', line('note', 'alex'), {}, []],
  [
    'tells those whom a note names, and nobody else',
    line('note', 'alex', { after: { mentions: ['ada', 'alex', 'wim'] } }),
    { shadow: true },
    ['ada mention', 'wim mention'],
  ],
  [
    'tells those whom a reply names once, and its requester that it is one',
    line('reply', 'alex', { after: { mentions: ['emma', 'wim', 'ada'] } }),
    {},
    ['wim mention', 'ada mention', 'emma reply'],
  ],
  ['tells of the end', line('resolve', 'alex'), {}, ['emma resolved', 'wim resolved']],
  ['tells the requester that it was cancelled', line('cancel', 'alex'), {}, ['emma cancelled']],
  ['save where a split is undone', line('cancel', 'alex', { after: { other: 'INC-1' } }), {}, []],
  [
    'tells the end of an outage to those who heard of it, each once',
    line('resolve', 'alex'),
    { audience: ['finn', 'wim', 'alex'] },
    ['emma resolved', 'wim resolved', 'finn outage-over'],
  ],
  [
    'tells an update of an outage to all who wait for it',
    line('update-major', 'alex'),
    { audience: ['finn', 'emma'], shadow: true },
    ['emma outage', 'wim outage', 'finn outage'],
  ],
  [
    'reminds of an update those whom the line names',
    line('remind-update', null, { after: { people: ['alex', 'lea'] } }),
    {},
    ['alex update-due', 'lea update-due'],
  ],
  [
    'tells the requester where a merged ticket goes on',
    line('merge', 'alex', { after: { other: 'x', from: true } }),
    {},
    ['emma merged'],
  ],
  [
    'tells whoever is to do something after a review',
    line('add-action', 'alex', { after: { person: 'lea' } }),
    {},
    ['lea action'],
  ],
  [
    'tells whoever it is handed to',
    line('edit-action', 'alex', { before: { person: 'lea' }, after: { person: 'finn' } }),
    {},
    ['finn action'],
  ],
  [
    'nor who has it already',
    line('edit-action', 'alex', { before: { person: 'lea' }, after: { person: 'lea' } }),
    {},
    [],
  ],
  [
    'reminds of what is overdue those whom the line names',
    line('remind-action', null, { after: { people: ['lea'] } }),
    {},
    ['lea action-due'],
  ],
  ['nor tells the other one', line('merge', 'alex', { after: { other: 'x', from: false } }), {}, []],
  [
    'nor where that is confidential',
    line('merge', 'alex', { after: { other: 'x', from: true }, visibility: 'internal' }),
    {},
    [],
  ],
  [
    'tells the new assignee',
    line('assign', 'mia', { after: { assignee_id: 'alex' } }),
    {},
    ['alex assigned'],
  ],
  ['does not tell who took it', line('assign', 'alex', { after: { assignee_id: 'alex' } }), {}, []],
  ['tells the assignee that it came back', line('reopen', 'emma'), {}, ['alex reopened']],
  [
    'asks each approver of a change, but not whoever asks',
    line('ask-approval', 'alex', { after: { approvers: ['mia', 'alex', 'wim'] } }),
    {},
    ['mia approval', 'wim approval'],
  ],
  [
    'asks whoever an approval was handed to',
    line('hand-approval-on', 'mia', { after: { person: 'mia', approvers: ['wim'] } }),
    {},
    ['wim approval'],
  ],
  [
    'tells whoever asked once their request is approved',
    line('approve', 'mia', { after: { approved: true } }),
    {},
    ['emma approved'],
  ],
  ['and when it is not', line('reject', 'mia'), {}, ['emma rejected']],
  ['but nothing of one yes among several', line('approve', 'mia', { visibility: 'internal' }), {}, []],
  ['answers no machine', line('open', 'emma', { cause: { kind: 'auto-submitted', id: 'x' } }), {}, []],
  ['is about tickets, not their pages', line('acknowledge', 'alex', { subject_kind: 'page' }), {}, []],
])('%s', (_, given, facts, expected) => {
  expect(
    noticesFor(given, { ...ticket, ...facts }).map((each) => `${each.personId} ${each.template}`),
  ).toEqual(expected)
})

it.each([
  ['note', ['ada'], []],
  ['reply', ['ada', 'wim'], ['emma reply', 'wim reply']],
] as const)(
  'whoever wants no mail on mentions hears of a %s naming %j as if it did not',
  (verb, mentions, told) => {
    const given = line(verb, 'alex', { after: { mentions } })
    expect(
      noticesFor(given, ticket, new Set(mentions)).map((each) => `${each.personId} ${each.template}`),
    ).toEqual(told)
  },
)
