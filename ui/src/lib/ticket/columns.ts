import { m } from '#lib/paraglide/messages.js'
import type { CustomField } from '#lib/question/field.ts'
import { labelText } from '#lib/text/label.ts'

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
type OwnColumn = (typeof columnNames)[number]
/** `field.` and the key of a custom field: what the ticket answers. */
export type Column = OwnColumn | `field.${string}`

const isField = (column: Column): column is `field.${string}` => column.startsWith('field.')
export const fieldOf = (column: Column): string | undefined =>
  isField(column) ? column.slice('field.'.length) : undefined
export const fieldColumn = (key: string): Column => `field.${key}`

/** The questions that a list is to answer, as it is asked. */
export const fieldsAsked = (columns: readonly Column[] | null | undefined): string | undefined =>
  columns?.flatMap((column) => fieldOf(column) ?? []).join(',') || undefined

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

const ownLabels = (): Record<OwnColumn, string> => ({
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

/** What a column is called; a field that is no more by its key. */
export function columnLabels(fields: readonly CustomField[]): (column: Column) => string {
  const own = ownLabels()
  const asked = new Map(fields.map(({ key, label }) => [key, labelText(label)]))
  return (column) => {
    const key = fieldOf(column)
    return key === undefined ? own[column as OwnColumn] : (asked.get(key) ?? key)
  }
}

const rem = 16
// In rem; the title has what is left, and never less than it needs to be told from others.
const widths: Record<OwnColumn, number> = {
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
const widthOf = (column: Column): number => (isField(column) ? 7 : widths[column])
const gap = 0.75
/** The box for selecting, and the edge. */
const around = 3.25

/** Those that have room in so many pixels: the last leave first, the title never. */
export function columnsIn(width: number, columns: readonly Column[]): Column[] {
  const kept = [...columns]
  const needed = () => kept.reduce((sum, name) => sum + widthOf(name) + gap, around - gap) * rem
  while (needed() > width) {
    const last = kept.findLastIndex((name) => name !== 'title')
    if (last < 0) break
    kept.splice(last, 1)
  }
  return kept
}

/** As CSS has it. */
export const gridOf = (columns: readonly Column[]): string =>
  columns.map((name) => (name === 'title' ? 'minmax(8rem, 1fr)' : `minmax(0, ${widthOf(name)}rem)`)).join(' ')

/** The order with one of them moved a step; the same where there is no step. */
export function moved(columns: readonly Column[], name: Column, step: -1 | 1): Column[] {
  const at = columns.indexOf(name)
  const other = columns[at + step]
  if (at < 0 || other === undefined) return [...columns]
  return columns.with(at, other).with(at + step, name)
}
