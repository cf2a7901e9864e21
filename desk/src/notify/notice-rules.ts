import type { NoticeTemplate } from './message-shape.ts'
import type { OutageTemplate } from './outage-words.ts'

/** What the rules need of a line of the record. */
export interface ToldLine {
  verb: string
  actor_id: string | null
  subject_kind: string
  before?: unknown
  after: unknown
  cause: unknown
  visibility: string
}

export interface ToldTicket {
  requester_id: string | null
  assignee_id: string | null
  channel: string
  watchers: string[]
  /** Of a declared major incident: those chosen to hear of it, who follow it, or asked for an open part of it. */
  audience: string[]
  /** An integration in shadow opened it: nothing that happens to it reaches anybody but what a person writes. */
  shadow: boolean
}

export interface Telling {
  personId: string
  template: NoticeTemplate | OutageTemplate
}

/**
 * Whom a line of a ticket's timeline is told to. Never to whoever did it, save that a request's receipt is
 * confirmed; never in answer to what a machine sent, so that two machines cannot talk to each other for ever.
 * `deaf`: whoever wants no mail on mentions hears of a reply as if they had not been named.
 */
export function noticesFor(
  line: ToldLine,
  ticket: ToldTicket,
  deaf: ReadonlySet<string> = NOBODY,
): Telling[] {
  if (line.subject_kind !== 'ticket' || isAutomatic(line)) return []
  if (ticket.shadow && !WRITTEN.includes(line.verb)) return []
  const tell = (template: Telling['template'], ...people: (string | null)[]): Telling[] =>
    [...new Set(people)]
      .filter((person): person is string => person !== null && person !== line.actor_id)
      .map((personId) => ({ personId, template }))
  const { requester_id: requester, assignee_id: assignee, watchers, audience, channel } = ticket
  const outside = audience.filter((person) => person !== requester && !watchers.includes(person))
  const mentioned = mentionedIn(line).filter((person) => !deaf.has(person))
  switch (line.verb) {
    case 'open':
      return requester && channel !== 'monitoring' && channel !== 'import'
        ? [{ personId: requester, template: 'received' }]
        : []
    case 'reply':
      return [
        ...tell('mention', ...mentioned.filter((person) => person !== requester)),
        ...tell('reply', requester, ...watchers.filter((person) => !mentioned.includes(person))),
      ]
    case 'note':
      return tell('mention', ...mentioned)
    case 'comment':
      return tell('comment', assignee)
    case 'resolve':
      return [...tell('resolved', requester, ...watchers), ...tell('outage-over', ...outside)]
    case 'update-major':
      return tell('outage', requester, ...watchers, ...audience)
    case 'remind-update':
      return tell('update-due', ...listOf(line.after, 'people'))
    case 'add-action':
      return tell('action', fieldOf(line.after, 'person'))
    case 'edit-action':
      return fieldOf(line.after, 'person') === fieldOf(line.before, 'person')
        ? []
        : tell('action', fieldOf(line.after, 'person'))
    case 'remind-action':
      return tell('action-due', ...listOf(line.after, 'people'))
    case 'merge':
      // What goes on in a confidential ticket is not told.
      return isFrom(line.after) && line.visibility === 'public' ? tell('merged', requester) : []
    case 'cancel':
      // Of a split that was undone: what it took goes on where it was.
      return fieldOf(line.after, 'other') ? [] : tell('cancelled', requester)
    case 'reopen':
      return tell('reopened', assignee)
    case 'assign':
      return tell('assigned', fieldOf(line.after, 'assignee_id'))
    case 'ask-approval':
    case 'hand-approval-on':
      return tell('approval', ...listOf(line.after, 'approvers'))
    case 'approve':
    case 'reject':
      // Of a request that is decided; those of changes are told to nobody else.
      return line.visibility === 'public'
        ? tell(line.verb === 'approve' ? 'approved' : 'rejected', requester)
        : []
    case 'sla-tell':
      return tell('sla-mark', ...listOf(line.after, 'people'))
    case 'rule-tell':
      return tell('rule', ...listOf(line.after, 'people'))
    default:
      return []
  }
}

const NOBODY: ReadonlySet<string> = new Set()

/** Whom what was written names. */
export const mentionedIn = (line: Pick<ToldLine, 'after'>): string[] => listOf(line.after, 'mentions')

/** From one person to another, or promised by one, whatever opened the ticket. */
const WRITTEN = [
  'reply',
  'note',
  'comment',
  'ask-approval',
  'hand-approval-on',
  'approve',
  'reject',
  'update-major',
  'remind-update',
  'add-action',
  'edit-action',
  'remind-action',
]

/** What a machine sent, and the history of another desk. */
const isAutomatic = (line: ToldLine) =>
  ['auto-submitted', 'import'].includes(fieldOf(line.cause, 'kind') ?? '')

const isFrom = (after: unknown) => (after as { from?: unknown } | null)?.from === true

function listOf(value: unknown, field: string): string[] {
  const found = (value as Record<string, unknown> | null)?.[field]
  return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : []
}

function fieldOf(value: unknown, field: string): string | null {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : null
  return typeof found === 'string' ? found : null
}
