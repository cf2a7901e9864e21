import { sql } from 'kysely'
import type { Tx } from '../../activity/index.ts'

/**
 * Tickets just opened get the points of the templates that their category, or the item they were filed by, brings.
 * Answers the templates by ticket, of those that got any.
 */
export async function bringChecklists(tx: Tx, ticketIds: string[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ id: string; templates: string[] }>`
    with brought as (
      select t.id as ticket_id, c.id as template_id, p.point, row_number() over (partition by t.id order by c.created_at, c.id, p.place) as place
      from ticket t
      left join category k on k.id = t.category_id
      join checklist_template c on c.archived_at is null
        and (c.category_ids && coalesce(k.path, '{}') or t.catalogue_item_id = any(c.item_ids))
      cross join lateral jsonb_array_elements(c.points) with ordinality as p(point, place)
      where t.id = any(${ticketIds}::uuid[])
    ), written as (
      insert into checklist_item (ticket_id, template_id, position, text, required, created_at)
      select ticket_id, template_id, place, point ->> 'text', coalesce((point ->> 'required')::boolean, false), ${tx.now}
      from brought order by ticket_id, place
    )
    select ticket_id as id, jsonb_agg(distinct template_id) as templates from brought group by ticket_id`.execute(
    tx.db,
  )
  return new Map(rows.map(({ id, templates }) => [id, templates]))
}
