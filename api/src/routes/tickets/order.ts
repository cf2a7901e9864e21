import { type RawBuilder, sql } from 'kysely'
import { decodeCursor } from '../../cursor.ts'

export const SORTS = ['-created', 'created', '-updated', 'priority', 'due', 'next'] as const
export type Sort = (typeof SORTS)[number]

/** The orders, in the words of their indexes. */
export const ORDER: Record<Sort, RawBuilder<unknown>> = {
  '-created': sql`t.created_at desc, t.id desc`,
  created: sql`t.created_at, t.id`,
  '-updated': sql`t.updated_at desc, t.id desc`,
  priority: sql`t.priority, t.created_at, t.id`,
  due: sql`t.due_at, t.id`,
  next: sql`t.next_at, t.id`,
}
/** The same orders, but so that no index of theirs can serve: what was found by other ways is sorted. */
export const SORTED: Record<Sort, RawBuilder<unknown>> = {
  '-created': sql`t.created_at + interval '0' desc, t.id desc`,
  created: sql`t.created_at + interval '0', t.id`,
  '-updated': sql`t.updated_at + interval '0' desc, t.id desc`,
  priority: sql`t.priority || '', t.created_at, t.id`,
  due: sql`t.due_at + interval '0', t.id`,
  next: sql`t.next_at + interval '0', t.id`,
}

/** The instant of a row in its order; the cursor holds it. */
export const KEY: Record<Sort, RawBuilder<unknown>> = {
  '-created': sql`t.created_at`,
  created: sql`t.created_at`,
  '-updated': sql`t.updated_at`,
  priority: sql`t.created_at`,
  due: sql`t.due_at`,
  next: sql`t.next_at`,
}

/** The condition that a row stands after the cursor, in the words of the sort's index. */
export function after(sort: Sort, cursor: string): RawBuilder<boolean> {
  const [key, id, priority] = decodeCursor(cursor, 3)
  switch (sort) {
    case '-created':
      return sql`(t.created_at, t.id) < (${key}::timestamptz, ${id}::uuid)`
    case 'created':
      return sql`(t.created_at, t.id) > (${key}::timestamptz, ${id}::uuid)`
    case '-updated':
      return sql`(t.updated_at, t.id) < (${key}::timestamptz, ${id}::uuid)`
    case 'priority':
      return sql`(t.priority, t.created_at, t.id) > (${priority}, ${key}::timestamptz, ${id}::uuid)`
    case 'due':
      return afterOrNever(sql.ref('t.due_at'), key, id)
    case 'next':
      return afterOrNever(sql.ref('t.next_at'), key, id)
  }
}

/** The priority of the last row that was shown. */
export const priorityOf = (cursor: string): string => String(decodeCursor(cursor, 3)[2])

type Held = ReturnType<typeof decodeCursor>[number] | undefined

/** What has no such instant comes last. */
const afterOrNever = (column: RawBuilder<unknown>, key: Held, id: Held): RawBuilder<boolean> =>
  key === null
    ? sql`${column} is null and t.id > ${id}::uuid`
    : sql`((${column}, t.id) > (${key}::timestamptz, ${id}::uuid) or ${column} is null)`
