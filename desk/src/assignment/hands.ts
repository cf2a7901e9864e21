import { sql } from 'kysely'
import { ACTOR_TOLD, type ToldActor } from '../activity/index.ts'
import type { ToldWait } from './read.ts'

/** Why a ticket lies in its team, and why somebody has it. */
export interface ToldHands {
  team: {
    at: string
    by: ToldActor
    /** `asked`: named as it opened; `item`: by the item of the catalogue; `handed`: by whoever is named. */
    how: 'rule' | 'asked' | 'item' | 'source' | 'category' | 'service' | 'handed' | 'none'
    /** The category or service that said so. */
    from: Record<string, string> | null
    /** Rules that held too, but whose team is no more. */
    passed: { place: number; version: number; name: string | null }[]
  } | null
  assignee: {
    at: string
    by: ToldActor
    how: 'turn' | 'load' | 'taken' | 'handed'
    /** How many could have had it, and what the chosen one held; of what the desk handed out. */
    among: number | null
    load: number | null
    /** Who was passed over: first those who could have had it, in the order of the ring. */
    passed: PassedOver[]
  } | null
}

type PassedOver =
  | (ToldWait['refused'][number] & { load?: number })
  | { person: { id: string; name: string }; code: 'later' | 'heavier'; load: number }

const TEAM = sql`(
  select jsonb_build_object('at', a.at, 'by', ${ACTOR_TOLD},
    'how', case when a.verb = 'open' then a.after #>> '{team_by,how}' when a.why ? 'route' then 'rule' else 'handed' end,
    'from', case a.after #>> '{team_by,how}'
      when 'category' then (select name from category where id = (a.after #>> '{team_by,from}')::uuid)
      when 'service' then (select name from service where id = (a.after #>> '{team_by,from}')::uuid) end,
    'passed', coalesce((
      select jsonb_agg(r || jsonb_build_object('name', v.body #>> array['rules', ((r ->> 'place')::int - 1)::text, 'name']) order by n)
      from jsonb_array_elements(a.after #> '{team_by,passed}') with ordinality x (r, n)
      left join routing_ruleset v on v.version = (r ->> 'version')::int), '[]'))
  from (
    select * from activity a where a.ticket_id = t.id and (
      a.verb = 'open' and a.after ->> 'team' is not distinct from t.team_id::text and a.after ? 'team_by'
      or a.verb = 'assign' and a.after ->> 'team_id' = t.team_id::text
        and a.before ->> 'team_id' is distinct from a.after ->> 'team_id')
    order by a.revision desc limit 1) a)`

const PASSED = sql`
  select 1 as part, n, jsonb_build_object('person', r -> 'person', 'load', r -> 'load', 'code',
    case when a.why #>> '{assignment,mode}' = 'least_loaded' and (r ->> 'load')::int > (a.why #>> '{assignment,load}')::int
      then 'heavier' else 'later' end) as r
  from jsonb_array_elements(a.why #> '{assignment,others}') with ordinality x (r, n)
  union all
  select 2, n, r from jsonb_array_elements(a.why #> '{assignment,refused}') with ordinality x (r, n)`

const ASSIGNEE = sql`(
  select jsonb_build_object('at', a.at, 'by', ${ACTOR_TOLD},
    'how', case when a.why #>> '{assignment,mode}' = 'round_robin' then 'turn' when a.why ? 'assignment' then 'load'
      when a.actor_kind = 'person' and a.actor_id = t.assignee_id then 'taken' else 'handed' end,
    'among', a.why #> '{assignment,among}', 'load', a.why #> '{assignment,load}',
    'passed', coalesce((
      select jsonb_agg(o.r || jsonb_build_object('person', jsonb_build_object('id', p.id, 'name', p.name))
          || case when s.id is not null then jsonb_build_object('skill', jsonb_build_object('id', s.id, 'name', s.name)) else '{}' end
        order by o.part, case o.part when 1 then o.n end, p.name)
      from (${PASSED}) o join person p on p.id = (o.r ->> 'person')::uuid
      left join skill s on s.id = (o.r ->> 'skill')::uuid), '[]'))
  from (
    select * from activity a where a.ticket_id = t.id and t.assignee_id is not null and a.verb = 'assign'
      and a.after ->> 'assignee_id' = t.assignee_id::text
    order by a.revision desc limit 1) a)`

/** Both as JSON over `ticket t`, from the lines that brought it there; null where those are of before this was kept. */
export const HANDS_TOLD = sql<ToldHands>`jsonb_build_object('team', ${TEAM}, 'assignee', ${ASSIGNEE})`
