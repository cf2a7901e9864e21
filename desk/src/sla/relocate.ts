import { sql } from 'kysely'
import { recordOnTickets, type Tx } from '../activity/index.ts'
import type { Asked } from './recomputation.ts'

interface Located {
  id: string
  organisationId: string | null
}

/**
 * Lets locked tickets go with their requesters to the organisation that those belong to now. One that was opened for
 * another organisation than its requester's stays there.
 */
export async function moveWithRequesters<T extends Located>(
  tx: Tx,
  tickets: T[],
  { id, cause, about }: Asked & { id: string },
): Promise<T[]> {
  if (!about || !('requester_ids' in about) || about.moved_from === undefined) return tickets
  const from = about.moved_from
  const { rows } = await sql<{ id: string; organisation_id: string | null }>`
    update ticket t set organisation_id = p.organisation_id from person p
    where t.id = any(${tickets.map((ticket) => ticket.id)}::uuid[]) and p.id = t.requester_id
      and t.organisation_id is not distinct from ${from}::uuid and p.organisation_id is distinct from ${from}::uuid
    returning t.id, t.organisation_id`.execute(tx.db)
  const moved = new Map(rows.map((row) => [row.id, row.organisation_id]))
  await recordOnTickets(
    tx,
    rows.map((row) => ({
      ticketId: row.id,
      verb: 'edit',
      subject: { kind: 'ticket', id: row.id },
      actor: { kind: 'rule' as const, id },
      before: { organisation_id: from },
      after: { organisation_id: row.organisation_id },
      cause: { kind: cause.kind, id: cause.id },
    })),
  )
  return tickets.map((ticket) =>
    moved.has(ticket.id) ? { ...ticket, organisationId: moved.get(ticket.id)! } : ticket,
  )
}
