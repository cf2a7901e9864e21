import type { Db, Impact, Priority, Tables } from '@tocsin/db'
import { type RawBuilder, sql, type Transaction } from 'kysely'

/** What a routing condition may name. What is not known is empty. */
export const ROUTING_FACTS = {
  kind: 'string',
  channel: 'string',
  title: 'string',
  /** Of the title, in lower case, each once. */
  words: 'list<string>',
  service: 'string',
  ci: 'map<string, string>',
  /** The key of its category, and of those above it from the top. */
  category: 'string',
  categories: 'list<string>',
  priority: 'string',
  impact: 'string',
  urgency: 'string',
  /** The requester's, by name, and those above it from the top. */
  organisation: 'string',
  organisations: 'list<string>',
  /** Groups of people that the requester is in, by name. */
  groups: 'list<string>',
  language: 'string',
  /** When it opened, in the reporting zone: hour 0–23, weekday 1 (Monday) – 7. */
  hour: 'int',
  weekday: 'int',
}
export type RoutingFacts = Record<keyof typeof ROUTING_FACTS, unknown>

interface Row {
  key: string
  kind: string
  channel: string
  title: string
  service: string | null
  ci: Record<string, string> | null
  categories: string[] | null
  priority: Priority
  impact: Impact
  urgency: Impact
  organisations: string[] | null
  groups: string[]
  language: string
  hour: number
  weekday: number
}

/** The columns of what is asked about; a row of `ticket` has them too. */
export const ASKED = sql`kind text, channel text, title text, impact text, urgency text, service_id uuid, ci_id uuid,
  category_id uuid, organisation_id uuid, requester_id uuid, language text, created_at timestamptz`

/**
 * The facts of tickets, by their key. `from` answers rows of `ASKED` with a `key`: tickets to be, or some on record.
 * One statement, whatever their number.
 */
export async function readFacts(
  db: Db | Transaction<Tables>,
  from: RawBuilder<unknown>,
): Promise<Map<string, RoutingFacts>> {
  const { rows } = await sql<Row>`
    select g.key::text as key, g.kind, g.channel, g.title, s.key as service, g.impact, g.urgency, m.priority,
           coalesce(g.language, r.locale, 'en') as language,
           extract(hour from z.wall)::int as hour, extract(isodow from z.wall)::int as weekday,
           case when c.id is not null then
             coalesce((select jsonb_object_agg(key, value) from jsonb_each_text(c.attributes)), '{}')
               || jsonb_build_object('name', c.name, 'kind', c.kind) end as ci,
           (select array_agg(a.key order by cardinality(a.path)) from category k join category a on a.id = any(k.path)
            where k.id = g.category_id) as categories,
           (with recursive up as (
              select id, name, parent_id, 1 as height from organisation where id = coalesce(g.organisation_id, r.organisation_id)
              union all select p.id, p.name, p.parent_id, height + 1 from organisation p join up on p.id = up.parent_id where height < 20)
            select array_agg(name order by height desc) from up) as organisations,
           array(select b.name from people_group_member a join people_group b on b.id = a.group_id
                 where a.person_id = g.requester_id and b.archived_at is null order by b.name) as groups
    from (${from}) g
    join priority_matrix m on m.impact = g.impact and m.urgency = g.urgency
    left join service s on s.id = g.service_id
    left join configuration_item c on c.id = g.ci_id
    left join person r on r.id = g.requester_id,
    lateral (select g.created_at at time zone
      coalesce((select value #>> '{}' from setting where key = 'reporting_zone'), 'UTC') as wall) z`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.key, factsOfRow(row)]))
}

function factsOfRow({
  key: _key,
  service,
  ci,
  categories,
  organisations,
  hour,
  weekday,
  ...row
}: Row): RoutingFacts {
  return {
    ...row,
    words: [...new Set(row.title.toLowerCase().match(/[\p{L}\p{N}]+/gu))],
    service: service ?? '',
    ci: ci ?? {},
    category: categories?.at(-1) ?? '',
    categories: categories ?? [],
    organisation: organisations?.at(-1) ?? '',
    organisations: organisations ?? [],
    hour: BigInt(hour),
    weekday: BigInt(weekday),
  }
}
