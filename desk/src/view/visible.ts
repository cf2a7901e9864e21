import { type RawBuilder, sql } from 'kysely'
import { type Reader, teamsWith } from '../auth/index.ts'

/** Views that a reader may see, over a table aliased `v`: their own, those of their teams, and everybody's. */
export function viewVisible(reader: Reader): RawBuilder<boolean> {
  const teams = teamsWith(reader, 'ticket.answer')
  return sql<boolean>`(v.owner_id = ${reader.person.id} or v.shared_with = 'all'
    or (v.shared_with = 'team' and (${reader.administrator} or v.team_id = any(${teams}::uuid[]))))`
}
