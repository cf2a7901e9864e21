import type { Db, Severity } from '@tocsin/db'
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { AlertFace } from '../alert/index.ts'
import { expressions } from '../expression/index.ts'
import { tryCondition } from '../ruleset/index.ts'
import { senderGroupOf } from './claim.ts'
import { FACT_TYPES, type Facts, factsOf, fieldOf, type Subject } from '../event/index.ts'

const text = z.string().max(4_000).default('')
const texts = z.record(z.string().max(200), z.string().max(4_000)).default({})

/** An alert on record, as the rules see it. */
export interface Specimen {
  id: string
  title: string
  facts: Facts
}

interface Row extends AlertFace {
  id: string
  key: string
  severity: Severity
  group_key: string
  system: string
  integration: string
  known_service: Subject['service']
  ci: Subject['ci']
  hour: number
  weekday: number
}

/** Alerts on record as rules see them, the latest first. `where` narrows over `alert a`; hours are those of its last event. */
export async function readSpecimens(db: Db, where: RawBuilder<boolean>, limit: number): Promise<Specimen[]> {
  const { rows } = await sql<Row>`
    select a.id, a.dedup_key as key, a.severity, a.severity_raw, a.title, a.resource, a.service, a.host, a.link, a.labels,
           a.annotations, a.group_key, i.system, i.name as integration,
           case when s.id is not null then jsonb_build_object('id', s.id, 'key', s.key, 'teamId', s.team_id) end as known_service,
           case when c.id is not null then jsonb_build_object('id', c.id, 'name', c.name, 'kind', c.kind,
                  'attributes', coalesce((select jsonb_object_agg(key, value) from jsonb_each_text(c.attributes)), '{}')) end as ci,
           extract(hour from z.wall)::int as hour, extract(isodow from z.wall)::int as weekday
    from (select * from alert a where ${where} order by a.seen_at desc, a.id desc limit ${limit}) a
    join integration i on i.id = a.integration_id
    left join service s on s.id = a.service_id
    left join configuration_item c on c.id = a.ci_id,
    lateral (select a.last_event_at at time zone
      coalesce((select value #>> '{}' from setting where key = 'reporting_zone'), 'UTC') as wall) z
    order by a.seen_at desc, a.id desc`.execute(db)
  return rows.map((row) => ({ id: row.id, title: row.title, facts: factsOfRow(row) }))
}

function factsOfRow(row: Row): Facts {
  const { key, severity, group_key, system, integration, known_service, ci, hour, weekday } = row
  const subject = { service: known_service, ci }
  return factsOf(
    { face: row, key, severity, groupKey: senderGroupOf(group_key), subject },
    { system, integration },
    { hour, weekday },
  )
}

export interface CheckedAlert {
  holds: boolean
  /** What it would be told apart by, where it holds. */
  group: Record<string, string>
  /** Why the condition gave no answer over it: it names what this alert does not have. */
  error: string | null
}

const compile = expressions(FACT_TYPES)

/** A condition over some facts, one answer each; `error` where it cannot be used at all, and why. */
export function tryRule(
  { when, groupBy }: { when: string; groupBy: string[] },
  facts: Facts[],
): { error: string | null; results: CheckedAlert[] } {
  const { error, results } = tryCondition(compile, when, facts)
  const groupOf = (one: Facts) => Object.fromEntries(groupBy.map((path) => [path, fieldOf(one, path)]))
  return {
    error,
    results: results.map((result, index) => ({
      ...result,
      group: result.holds ? groupOf(facts[index]!) : {},
    })),
  }
}

/** Facts as somebody gives them by hand; what is left out is empty. */
export const GivenFacts = z
  .strictObject({
    title: text,
    severity: text,
    severity_raw: text,
    resource: text,
    host: text,
    service: text,
    dedup_key: text,
    group: text,
    system: text,
    integration: text,
    labels: texts,
    annotations: texts,
    ci: texts,
    hour: z.int().min(0).max(23).default(0),
    weekday: z.int().min(1).max(7).default(1),
  })
  .transform((given): Facts => ({ ...given, hour: BigInt(given.hour), weekday: BigInt(given.weekday) }))
