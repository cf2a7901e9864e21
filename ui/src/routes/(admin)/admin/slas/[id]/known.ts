import type { Named } from '#lib/api/types.ts'
import type { Category } from '#lib/category/tree.ts'
import type { Organisation } from '#lib/organisation/tree.ts'

/** What the conditions of a policy can name. */
export interface Known {
  services: readonly Named[]
  groups: readonly Named[]
  categories: readonly Category[]
  organisations: readonly Organisation[]
}
