import type { Db } from '@tocsin/db'
import { found, type Life, type Reader, ticketVisible, ticketWorkable } from '@tocsin/desk'
import { sql } from 'kysely'

export interface FoundTicket {
  id: string
  kind: string
  life: Life
  state: string
  /** Works on it as the desk does. */
  workable: boolean
  /** Is its requester or reporter. */
  own: boolean
  /** Is its requester: their words are never the desk's answer. */
  requester: boolean
}

/** Whose lifecycle a `ticket t` leads. */
export const LIFE = sql`coalesce((select c.type from change_plan c where c.ticket_id = t.id), t.kind)`

/** The ticket behind a number, when the reader may see it; else as if it were not there. */
export async function findTicket(db: Db, reader: Reader, number: string): Promise<FoundTicket> {
  const me = reader.person.id
  const { rows } = await sql<FoundTicket>`
    select t.id, t.kind, ${LIFE} as life, t.state, ${ticketWorkable(reader)} as workable,
           coalesce(t.requester_id = ${me} or t.reporter_id = ${me}, false) as own, t.requester_id is not distinct from ${me} as requester
    from ticket t where t.number = ${number} and ${ticketVisible(reader)}`.execute(db)
  return found(rows[0], 'ticket')
}
