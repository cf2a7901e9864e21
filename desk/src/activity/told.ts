import { sql } from 'kysely'

export interface ToldActor {
  kind: 'person' | 'rule' | 'integration' | 'system'
  id: string | null
  name: string | null
}

/** The rule of automation that acted, as its version calls it. */
const RULE_NAME = sql`(
  select r ->> 'name' from automation_ruleset v, jsonb_array_elements(v.body -> 'rules') r
  where a.cause ->> 'kind' = 'automation' and v.version = (a.cause ->> 'version')::int and r ->> 'id' = a.actor_id::text)`

/** Who did it, by name where they have one, as JSON over a line `a` of the record. */
export const ACTOR_TOLD = sql<ToldActor>`jsonb_build_object('kind', a.actor_kind, 'id', a.actor_id, 'name', case a.actor_kind
  when 'person' then (select name from person where id = a.actor_id)
  when 'integration' then (select name from integration where id = a.actor_id)
  when 'rule' then ${RULE_NAME} end)`
