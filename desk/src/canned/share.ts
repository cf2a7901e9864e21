import { type RawBuilder, sql } from 'kysely'
import { DeskError } from '../activity/index.ts'
import { demand, demandInTeam, type Reader, scopeOf, teamsWith } from '../auth/index.ts'

/** Whose it is: one person's, one team's, or everybody's who works at the desk. */
export type Share = { scope: 'own' } | { scope: 'team'; teamId: string } | { scope: 'all' }

/** What this reader may use, over a table aliased `k`: theirs, their teams', everybody's. */
export function cannedVisible(reader: Reader): RawBuilder<boolean> {
  const mine = sql<boolean>`k.owner_id = ${reader.person.id}`
  if (scopeOf(reader, 'ticket.answer') === 'all') return sql<boolean>`(${mine} or k.owner_id is null)`
  return sql<boolean>`(${mine} or (k.owner_id is null
    and (k.team_id is null or k.team_id = any(${teamsWith(reader, 'ticket.answer')}::uuid[]))))`
}

/** Everybody at the desk keeps their own; a team's are its agents' and managers'; everybody's, the administrators'. */
export function demandShare(reader: Reader, share: Share): void {
  if (share.scope === 'team') demandInTeam(reader, 'ticket.work', share.teamId)
  else if (share.scope === 'all') demand(reader, 'catalogue.edit')
}

export const shareOf = (row: { owner_id: string | null; team_id: string | null }): Share => {
  if (row.owner_id) return { scope: 'own' }
  return row.team_id ? { scope: 'team', teamId: row.team_id } : { scope: 'all' }
}

/** The same as columns. */
export const shareColumns = (reader: Reader, share: Share) => ({
  owner_id: share.scope === 'own' ? reader.person.id : null,
  team_id: share.scope === 'team' ? share.teamId : null,
})

export function demandTitle(title: string): string {
  const words = title.trim()
  if (words) return words
  throw new DeskError('invalid', 'Give it a title.', {
    errors: [{ path: 'title', message: 'is required' }],
  })
}
