import type { Db } from '@tocsin/db'
import { type Reader, ticketWorkable } from '@tocsin/desk'
import { sql } from 'kysely'

// Over `ticket t` with `workable`.
export const TAGS = sql`array(select g.name from ticket_tag x join tag g on g.id = x.tag_id
  where x.ticket_id = t.id and t.workable order by g.name)`

/** Answers to what employees are not asked are the desk's alone. */
export const FIELDS = sql`case when t.workable or t.fields = '{}' then t.fields
  else t.fields - array(select key from custom_field where not asked) end`

/** The names of those with whom its questions about people were answered. */
export const PEOPLE = sql`case when t.fields = '{}' then '{}' else coalesce((select jsonb_object_agg(p.id, p.name)
  from jsonb_each_text(${FIELDS}) f join person p on p.id::text = f.value
  where f.key in (select key from custom_field where type = 'person'
                  union all select q ->> 'key' from catalogue_item i, jsonb_array_elements(i.fields) q
                  where i.id = t.catalogue_item_id and q ->> 'type' = 'person')), '{}') end`

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
