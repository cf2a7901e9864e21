import { describe, expect, it } from 'vitest'
import type { ActivityRow } from '../activity/index.ts'
import { compileTrigger, type TriggerFacts } from '../trigger/index.ts'
import { type Wants, wantsLine, wantsOf } from './choose.ts'

const wants = (over: Partial<Wants> = {}): Wants => ({
  id: 'w',
  from_place: 10,
  verbs: [],
  kinds: [],
  team_ids: [],
  when: null,
  notes: false,
  confidential: false,
  ...over,
})
const line = (over: Partial<ActivityRow> = {}): ActivityRow => ({
  place: 11,
  id: 'a',
  at: new Date(0),
  recorded_at: new Date(0),
  actor_kind: 'person',
  actor_id: null,
  verb: 'open',
  subject_kind: 'ticket',
  subject_id: 't',
  ticket_id: 't',
  revision: 1,
  before: null,
  after: null,
  cause: null,
  why: null,
  visibility: 'public',
  ...over,
})

describe('a line', () => {
  it.each<[string, Partial<Wants>, Partial<ActivityRow>, boolean]>([
    ['of a ticket', {}, {}, true],
    ['from before the webhook was made', {}, { place: 10 }, false],
    ['that was not asked for', { verbs: ['close'] }, {}, false],
    ['that was asked for', { verbs: ['close', 'open'] }, {}, true],
    ['of an alert in a ticket', {}, { verb: 'resolve', subject_kind: 'alert' }, false],
    ['of a page', {}, { verb: 'page', subject_kind: 'page' }, true],
    [
      'of a mark, which stands beside the timeline',
      {},
      { verb: 'sla-mark', ticket_id: null, revision: null },
      true,
    ],
    ['of the configuration', {}, { verb: 'edit', subject_kind: 'service', ticket_id: null }, false],
    ['for administrators', {}, { visibility: 'audit' }, false],
    ['of another desk’s past', {}, { cause: { kind: 'import', id: 'i' } }, false],
    ['of a note', {}, { verb: 'note' }, false],
    ['of a note, asked for by its verb alone', { verbs: ['note'] }, { verb: 'note' }, false],
    ['of a note, asked for', { notes: true }, { verb: 'note' }, true],
  ])('%s', (_, webhook, over, wanted) => expect(wantsLine(wants(webhook), line(over))).toBe(wanted))
})

describe('of a ticket', () => {
  const ticket = { kind: 'incident', team_id: 'n', confidential: false }
  const facts = { priority: 'P1' } as unknown as TriggerFacts
  it.each<[string, Partial<Wants>, Partial<typeof ticket> & { team_id?: string | null }, boolean]>([
    ['of any kind and team', {}, {}, true],
    ['of another kind', { kinds: ['change'] }, {}, false],
    ['of its team', { team_ids: ['n'] }, {}, true],
    ['of another team', { team_ids: ['m'] }, {}, false],
    ['without a team', { team_ids: ['n'] }, { team_id: null as unknown as string }, false],
    ['that is confidential', {}, { confidential: true }, false],
    ['that is confidential, asked for', { confidential: true }, { confidential: true }, true],
    ['for which the condition holds', { when: compileTrigger(`priority == 'P1'`, 'bool') }, {}, true],
    ['for which it does not', { when: compileTrigger(`priority == 'P2'`, 'bool') }, {}, false],
    [
      'of which it names what is not there',
      { when: compileTrigger(`fields.floor == '2'`, 'bool') },
      {},
      false,
    ],
  ])('%s', (_, webhook, over, wanted) =>
    expect(wantsOf(wants(webhook), { ...ticket, ...over }, facts)).toBe(wanted),
  )
})
