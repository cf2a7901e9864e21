import { expect, it } from 'vitest'
import { decideReminder, type Due } from './decide.ts'

it.each<[string, Due['kind'], number, boolean, string]>([
  ['its time has come', 'time', 7, true, 'fired'],
  ['its time has come, the ticket went on', 'time', 9, true, 'fired'],
  ['the requester answered', 'answer', 9, true, 'fired'],
  ['nothing happened', 'unchanged', 7, true, 'fired'],
  ['something happened', 'unchanged', 8, true, 'lapsed changed'],
  ['it was handed out of sight', 'time', 7, false, 'lapsed unseen'],
  ['the requester answered out of sight', 'answer', 9, false, 'lapsed unseen'],
  ['nothing happened, out of sight', 'unchanged', 7, false, 'lapsed unseen'],
])('%s', (_what, kind, revision, visible, then) => {
  const outcome = decideReminder({ kind, seen_revision: 7 }, { revision, visible })
  expect('for' in outcome ? `${outcome.state} ${outcome.for}` : outcome.state).toBe(then)
})
