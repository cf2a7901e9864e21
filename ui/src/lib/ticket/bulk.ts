import { api } from '#lib/api/client.ts'
import { ApiProblem } from '#lib/api/problem.ts'
import type { Priority } from '#lib/api/types.ts'
import type { Answer } from '#lib/question/field.ts'

/** What is to become of many tickets; what is not named stays. */
export interface BulkWish {
  team_id?: string | null
  assignee_id?: string | null
  priority?: Priority
  category_id?: string | null
  /** Answers to custom fields; null takes one away. */
  fields?: Record<string, Answer | null>
  tag?: string[]
  untag?: string[]
  note?: string
  reply?: string
  step?: { name: string; reason?: string }
}

export type Which =
  | { tickets: readonly { number: string; revision: number }[] }
  | { filter: Record<string, string>; seen: number }

export interface BulkResult {
  id: string
  changed: { number: string; revision: number }[]
  unchanged: string[]
  refused: { number: string; status: number; detail: string }[]
}

/** `key`: the same call again changes nothing twice. */
export const changeMany = (which: Which, wish: BulkWish, key: string) =>
  api.post<BulkResult>('/tickets/bulk', { ...which, ...wish }, { 'idempotency-key': key })

export const undoMany = ({ id, changed }: Pick<BulkResult, 'id'> & { changed: { number: string }[] }) =>
  api.post<BulkResult>(`/tickets/bulk/${id}/undo`, { tickets: changed.map(({ number }) => number) })

/** What was refused of the one ticket that was asked for is told as if it had been asked for alone. */
export function whole(result: BulkResult): BulkResult {
  const [refused] = result.refused
  if (refused) throw new ApiProblem({ title: refused.detail, ...refused })
  return result
}
