import { DeskError, type Tx } from '../activity/index.ts'
import { demandTeam } from '../people/index.ts'
import { MOST_TAGS } from '../tag/index.ts'
import {
  acknowledgesByTaking,
  type Answerable,
  besideStep,
  type Change,
  decideAnswers,
  decideHanding,
  decideStep,
  demandMember,
  demandSayable,
  demandStatus,
  HANDED_TO_NOBODY,
  type TicketFacts,
  LIFECYCLES,
  type Places,
  type Status,
  type Ticket,
} from '../ticket/index.ts'
import { type Cell, nearestCell } from './matrix.ts'
import type { Part, Wish, WishedStep } from './wish.ts'

/** What was read of all tickets of a share before any of them is decided about. */
export interface Known {
  facts: Map<string, TicketFacts>
  statuses: Map<string, Status>
  /** Teams in use, of those that tickets are handed to or are reopened for. */
  teams: ReadonlySet<string>
  places: Map<string, Places>
  matrix: Cell[]
  /** Where answers are wished for. */
  answerable?: Answerable
  /** Tags by ticket. */
  tags: Map<string, Set<string>>
  /** Tickets that were merged into another. */
  merged: Set<string>
  /** Whether whoever asks plans and assigns work. */
  plans: boolean
}

export type Decided = Partial<
  Record<Part, Pick<Change, 'verb' | 'after'> & { set: Omit<Change['set'], 'search'> }>
>

/** What a wish changes of one locked ticket, part by part; throws where a part of it is not possible: then none is. */
export function decideWish(tx: Tx, ticket: Ticket, wish: Wish, known: Known): Decided {
  const decided: Decided = {}
  let draft = ticket
  const take = (part: Part, change: Decided[Part] | null) => {
    if (!change) return
    decided[part] = change
    draft = { ...draft, ...change.set } as Ticket
  }
  const reopening = wish.steps?.find(({ move }) => move === 'reopen')
  const step = wish.steps?.find(({ move }) => move !== 'reopen')
  if (reopening) take('reopen', stepOf(tx, draft, reopening, known))
  if (wish.teamId !== undefined || wish.assigneeId !== undefined) {
    const set = decideHanding(draft, wish)
    if (set?.team_id && set.team_id !== draft.team_id) demandTeam(known.teams, set.team_id)
    if (set?.assignee_id) demandMember(known.places.get(set.assignee_id), set.team_id)
    take('assign', set && { verb: 'assign', set })
    const { life } = known.facts.get(ticket.id)!
    if (set && acknowledgesByTaking(tx, life, set.assignee_id))
      take('acknowledge', stepOf(tx, draft, { move: 'acknowledge' }, known))
  }
  take('edit', editOf(draft, wish, known))
  const had = known.tags.get(ticket.id) ?? new Set()
  const off = (wish.untagIds ?? []).filter((id) => had.has(id))
  const on = (wish.tagIds ?? []).filter((id) => !had.has(id))
  if (had.size - off.length + on.length > MOST_TAGS && on.length > 0)
    throw new DeskError('conflict', `A ticket has at most ${MOST_TAGS} tags: take some away first.`)
  if (off.length > 0) take('untag', { verb: 'untag', set: {}, after: { tags: off } })
  if (on.length > 0) take('tag', { verb: 'tag', set: {}, after: { tags: on } })
  for (const kind of ['note', 'reply'] as const) {
    if (wish[kind] === undefined) continue
    demandSayable(draft, kind)
    const first = kind === 'reply' && draft.first_response_at === null
    take(kind, { verb: kind, set: first ? { first_response_at: tx.now } : {} })
  }
  if (step) take('step', stepOf(tx, draft, step, known))
  return decided
}

function stepOf(tx: Tx, ticket: Ticket, step: WishedStep, known: Known): Decided[Part] | null {
  const { move, reason, code, statusId } = step
  const facts = known.facts.get(ticket.id)!
  const rule = LIFECYCLES[facts.life][move]
  if (ticket.kind === 'change' && move !== 'acknowledge')
    throw new DeskError('conflict', 'A change takes its steps one at a time, on its own page.')
  if (ticket.kind === 'problem' && move === 'close')
    throw new DeskError('conflict', 'A problem is closed on its own page, after its quiet period.')
  if (rule?.who === 'work' && !known.plans)
    throw new DeskError(
      'forbidden',
      'Whoever is on call answers. This step is for those who plan and assign work.',
    )
  if (move === 'reopen' && known.merged.has(ticket.id))
    throw new DeskError('conflict', 'The ticket goes on in the one it was merged into. Undo the merge first.')
  const asked = statusId === undefined ? undefined : demandStatus(known.statuses, statusId)
  const had = ticket.status_id === null ? null : (known.statuses.get(ticket.status_id) ?? null)
  const { set, brings } = besideStep(move, code)
  const gone = move === 'reopen' && ticket.team_id !== null && !known.teams.has(ticket.team_id)
  return decideStep(
    ticket,
    {
      move,
      reason,
      set: { ...set, ...(gone && HANDED_TO_NOBODY) },
      brings,
      facts,
      had,
      asked,
      byPerson: tx.actor.kind === 'person',
    },
    tx.now,
  ) as Decided[Part] | null
}

function editOf(ticket: Ticket, wish: Wish, { matrix, answerable }: Known): Decided[Part] | null {
  const wanted = {
    ...cellOf(ticket, wish, matrix),
    ...(wish.categoryId !== undefined && { category_id: wish.categoryId }),
  }
  const changed = Object.entries(wanted).filter(([column, value]) => ticket[column as keyof Ticket] !== value)
  const set = Object.fromEntries(changed)
  // What is asked is a matter of the category that it has then.
  const answers = wish.fields && decideAnswers({ ...ticket, ...set } as Ticket, wish.fields, answerable!)
  if (changed.length === 0 && !answers) return null
  return {
    verb: 'edit',
    set: { ...set, ...(answers && { fields: answers.fields as never }) },
    ...(answers && { after: { fields: answers.changed } }),
  }
}

function cellOf(ticket: Ticket, wish: Wish, matrix: Cell[]): Cell | null {
  if (wish.priority !== undefined)
    return wish.priority === ticket.priority ? null : nearestCell(matrix, ticket, wish.priority)
  if (wish.impact === undefined && wish.urgency === undefined) return null
  const { impact = ticket.impact, urgency = ticket.urgency } = wish
  return matrix.find((one) => one.impact === impact && one.urgency === urgency) ?? null
}
