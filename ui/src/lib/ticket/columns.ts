import { m } from '#lib/paraglide/messages.js'

/** What a list can show of each ticket; the order is that in which they are offered. */
export const columnNames = [
  'priority',
  'number',
  'title',
  'kind',
  'service',
  'category',
  'state',
  'team',
  'assignee',
  'requester',
  'sla',
  'due',
  'created',
  'updated',
] as const
export type Column = (typeof columnNames)[number]

/** Those of the queue, and of every view that says nothing else. */
export const usualColumns: readonly Column[] = [
  'priority',
  'number',
  'title',
  'service',
  'state',
  'assignee',
  'sla',
  'created',
]

export const columnLabels = (): Record<Column, string> => ({
  priority: m.common_priority(),
  number: m.column_number(),
  title: m.common_title(),
  kind: m.column_kind(),
  service: m.common_service(),
  category: m.common_category(),
  state: m.common_state(),
  team: m.common_team(),
  assignee: m.common_assignee(),
  requester: m.common_requester(),
  sla: m.column_sla(),
  due: m.column_due(),
  created: m.ticket_created(),
  updated: m.tickets_filter_updated(),
})

const rem = 16
// In rem; the title has what is left, and never less than it needs to be told from others.
const widths: Record<Column, number> = {
  priority: 2.75,
  number: 5.5,
  title: 9,
  kind: 6,
  service: 7,
  category: 7,
  state: 6.5,
  team: 7,
  assignee: 7.5,
  requester: 7.5,
  sla: 9,
  due: 5,
  created: 5,
  updated: 5,
}
const gap = 0.75
/** The box for selecting, and the edge. */
const around = 3.25

/** Those that have room in so many pixels: the last leave first, the title never. */
export function columnsIn(width: number, columns: readonly Column[]): Column[] {
  const kept = [...columns]
  const needed = () => kept.reduce((sum, name) => sum + widths[name] + gap, around - gap) * rem
  while (needed() > width) {
    const last = kept.findLastIndex((name) => name !== 'title')
    if (last < 0) break
    kept.splice(last, 1)
  }
  return kept
}

/** As CSS has it. */
export const gridOf = (columns: readonly Column[]): string =>
  columns.map((name) => (name === 'title' ? 'minmax(8rem, 1fr)' : `minmax(0, ${widths[name]}rem)`)).join(' ')

/** The order with one of them moved a step; the same where there is no step. */
export function moved(columns: readonly Column[], name: Column, step: -1 | 1): Column[] {
  const at = columns.indexOf(name)
  const other = columns[at + step]
  if (at < 0 || other === undefined) return [...columns]
  return columns.with(at, other).with(at + step, name)
}
