import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { readNow } from '../activity/index.ts'
import { type Reader, scopeOf } from '../auth/index.ts'
import { cannedVisible } from '../canned/index.ts'
import { lifeFactsOf, type Ticket } from '../ticket/index.ts'
import type { Does } from './does.ts'
import { whyNot } from './why-not.ts'

export interface Offered {
  id: string
  title: string
  revision: number
  /** Why the ticket's life does not allow it now; null where it does. */
  refused: string | null
}

const MOST = 100

/** The macros that this reader has, and which of them a ticket as it stands allows. `q`: words of the title. */
export async function offerMacros(
  db: Db,
  reader: Reader,
  { ticketId, q }: { ticketId: string; q?: string },
): Promise<Offered[]> {
  const ticket = (await db
    .selectFrom('ticket')
    .selectAll()
    .where('id', '=', ticketId)
    .executeTakeFirstOrThrow()) as unknown as Ticket
  const { life, has } = await lifeFactsOf(db, ticket)
  const { rows } = await sql<{ id: string; title: string; revision: number; does: Does }>`
    select k.id, k.title, k.revision, k.does from canned k
    where k.kind = 'macro' and k.archived_at is null and ${cannedVisible(reader)}
      and strpos(lower(k.title), lower(${q?.trim() ?? ''})) > 0
    order by lower(k.title), k.id limit ${MOST}`.execute(db)
  const now = await readNow(db)
  const standing = { ticket: { ...ticket, life }, has, works: scopeOf(reader, 'ticket.work') !== undefined }
  return rows.map(({ does, ...macro }) => ({ ...macro, refused: whyNot(standing, does, now) }))
}
