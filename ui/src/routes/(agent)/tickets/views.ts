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

/** The order of a list: the one asked for, else what is next, which only open tickets have. */
export function sortOf({ facets: { state } }: Filter, asked: string | undefined): Sort {
  const sort = sorts.find((one) => one === asked)
  const goesOn = state?.every((one) => !ended.has(one))
  if (sort) return sort === 'next' && goesOn === false ? 'due' : sort
  return goesOn ? 'next' : 'due'
}

export const sortLabels = (): Record<Sort, string> => ({
  next: m.next_sort(),
  due: m.tickets_sort_due(),
  priority: m.tickets_sort_priority(),
  '-created': m.tickets_sort_newest(),
  created: m.tickets_sort_oldest(),
  '-updated': m.tickets_sort_updated(),
})
