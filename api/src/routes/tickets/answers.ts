import type { Db } from '@tocsin/db'
import { type Reader, ticketWorkable } from '@tocsin/desk'
import { sql } from 'kysely'
import { FIELDS, PEOPLE } from './get.ts'

export interface AnswersOfTicket {
  fields: Record<string, unknown>
  /** Names of those who stand in them. */
  people: Record<string, string>
}

/** What tickets answer of these questions, or of any, by number; to each reader as the ticket's own page shows it. */
export async function answersOf(
  db: Db,
  reader: Reader,
  numbers: string[],
  keys?: string[],
): Promise<Map<string, AnswersOfTicket>> {
  const { rows } = await sql<AnswersOfTicket & { number: string }>`
    with t as (select t.*, ${ticketWorkable(reader)} as workable from ticket t
               where t.number = any(${numbers}) and t.fields <> '{}')
    select t.number, ${FIELDS} as fields, ${PEOPLE} as people from t`.execute(db)
  const asked = (fields: AnswersOfTicket['fields']) =>
    keys ? Object.fromEntries(Object.entries(fields).filter(([key]) => keys.includes(key))) : fields
  return new Map(rows.map(({ number, fields, people }) => [number, { fields: asked(fields), people }]))
}
