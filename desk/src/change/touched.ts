import { sql } from 'kysely'

/**
 * What a change touches, over `ticket t` and its `change_plan c`: services and configuration items, as arrays. Where
 * the ticket names an item, its service is not meant as a whole.
 */
export const TOUCHED_SERVICES = sql<string[]>`array_remove(
  c.service_ids || case when t.ci_id is null then t.service_id end, null)`
export const TOUCHED_ITEMS = sql<string[]>`array_remove(c.ci_ids || t.ci_id, null)`
