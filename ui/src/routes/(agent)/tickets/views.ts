import type { Filter } from '#lib/filter/grammar.ts'
import { m } from '#lib/paraglide/messages.js'

export interface View {
  /** The name of its live count in the API. */
  count: string
  label: string
  filter: string
}

/** The ready views of the queue; each is nothing but a filter with a name. */
export const views = (): View[] => [
  { count: 'all_open', label: m.tickets_view_open(), filter: 'state:open' },
  { count: 'mine', label: m.tickets_view_mine(), filter: 'state:open assignee:me' },
  { count: 'my_teams', label: m.tickets_view_teams(), filter: 'state:open team:mine' },
  { count: 'unassigned', label: m.tickets_view_unassigned(), filter: 'state:open assignee:none' },
  { count: 'p1_p2', label: m.tickets_view_fire(), filter: 'state:open priority:P1,P2' },
  { count: 'at_risk', label: m.tickets_view_at_risk(), filter: 'sla:at_risk' },
  { count: 'breached', label: m.tickets_view_breached(), filter: 'state:open sla:breached' },
  { count: 'resolved', label: m.tickets_view_resolved(), filter: 'state:resolved' },
]

export const sorts = ['next', 'due', 'priority', '-created', 'created', '-updated'] as const
export type Sort = (typeof sorts)[number]

const ended = new Set(['resolved', 'closed', 'cancelled'])

/**
 * The order of a list: the one asked for, else of open tickets what is next, which only they have, of those that ended
 * what changed last, and of all that is searched the newest.
 */
export function sortOf({ facets: { state }, words }: Filter, asked: string | undefined): Sort {
  const goesOn = state?.every((one) => !ended.has(one))
  const sort = sorts.find((one) => one === asked && (one !== 'next' || goesOn !== false))
  if (sort) return sort
  if (goesOn) return 'next'
  if (state?.every((one) => ended.has(one))) return '-updated'
  return words ? '-created' : 'due'
}

export const sortLabels = (): Record<Sort, string> => ({
  next: m.next_sort(),
  due: m.tickets_sort_due(),
  priority: m.tickets_sort_priority(),
  '-created': m.tickets_sort_newest(),
  created: m.tickets_sort_oldest(),
  '-updated': m.tickets_sort_updated(),
})
