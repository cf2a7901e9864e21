import type { Level, Ref } from '#lib/api/types.ts'
import type { Does, MacroMove } from '#lib/canned/types.ts'

/** A macro as its form holds it: an empty choice leaves the ticket as it is. */
export interface MacroDraft {
  reply: string
  note: string
  move: MacroMove | ''
  reason: string
  code: string
  impact: Level | ''
  urgency: Level | ''
  team: string
  assign: 'me' | 'nobody' | 'person' | ''
  person: Ref | null
  category: string
  addTags: string
  removeTags: string
}

export const draftOf = (does: Does = {}, person: Ref | null = null): MacroDraft => ({
  reply: does.reply ?? '',
  note: does.note ?? '',
  move: does.move?.name ?? '',
  reason: does.move?.reason ?? '',
  code: does.move?.code ?? '',
  impact: does.impact ?? '',
  urgency: does.urgency ?? '',
  team: does.team_id ?? '',
  assign:
    does.assignee === undefined
      ? ''
      : does.assignee === null
        ? 'nobody'
        : does.assignee === 'me'
          ? 'me'
          : 'person',
  person,
  category: does.category_id ?? '',
  addTags: (does.add_tags ?? []).join(', '),
  removeTags: (does.remove_tags ?? []).join(', '),
})

/** What the form says, as the API takes it; what is left empty is not there. */
export function doesOf(draft: MacroDraft): Does {
  const does: Does = {}
  if (draft.reply.trim()) does.reply = draft.reply
  if (draft.note.trim()) does.note = draft.note
  if (draft.move)
    does.move = {
      name: draft.move,
      ...(draft.move === 'pend' && draft.reason && { reason: draft.reason }),
      ...(draft.move === 'resolve' && draft.code && { code: draft.code }),
    }
  if (draft.impact) does.impact = draft.impact
  if (draft.urgency) does.urgency = draft.urgency
  if (draft.team) does.team_id = draft.team
  if (draft.assign === 'me') does.assignee = 'me'
  if (draft.assign === 'nobody') does.assignee = null
  if (draft.assign === 'person' && draft.person) does.assignee = draft.person.id
  if (draft.category) does.category_id = draft.category
  const [add, remove] = [namesIn(draft.addTags), namesIn(draft.removeTags)]
  if (add.length > 0) does.add_tags = add
  if (remove.length > 0) does.remove_tags = remove
  return does
}

const namesIn = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
