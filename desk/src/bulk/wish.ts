import type { Impact, Priority } from '@tocsin/db'
import type { Move, PendingReason } from '../ticket/index.ts'

/** A step in the life of each ticket that is changed. */
export interface WishedStep {
  move: Move
  reason?: PendingReason
  code?: string
  statusId?: string
}

/** What is to become of a ticket, beside others that are changed with it; what is not named stays. */
export interface Wish {
  teamId?: string | null
  assigneeId?: string | null
  impact?: Impact
  urgency?: Impact
  /** By the impact and urgency nearest to those that it has. */
  priority?: Priority
  categoryId?: string | null
  /** Answers to questions of one's own; null takes one away. */
  fields?: Record<string, unknown>
  tagIds?: string[]
  untagIds?: string[]
  /** At most one, and a reopening before it. */
  steps?: WishedStep[]
  note?: string
  reply?: string
}

/** The parts of a wish, in the order in which they become true: what has ended is reopened before it is handed on. */
export const PARTS = [
  'reopen',
  'assign',
  'acknowledge',
  'edit',
  'untag',
  'tag',
  'note',
  'reply',
  'step',
] as const
export type Part = (typeof PARTS)[number]

/** Columns that a wish decides about: where somebody changed one since it was seen, theirs is not overwritten. */
export function columnsOf(wish: Wish): string[] {
  const asked = (value: unknown, ...columns: string[]) => (value === undefined ? [] : columns)
  return [
    ...asked(wish.teamId, 'team_id', 'assignee_id'),
    ...asked(wish.assigneeId, 'assignee_id'),
    ...asked(wish.impact ?? wish.urgency ?? wish.priority, 'impact', 'urgency'),
    ...asked(wish.categoryId, 'category_id'),
    ...Object.keys(wish.fields ?? {}).map((key) => `fields.${key}`),
    ...asked(wish.steps?.[0], 'state', 'pending_reason', 'status_id'),
  ]
}

/** Whether it takes somebody who plans and assigns work; anybody at the desk may do the rest. */
export const plansWork = (wish: Wish): boolean => columnsOf({ ...wish, steps: undefined }).length > 0
