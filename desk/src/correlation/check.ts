import { sql } from 'kysely'
import { DeskError, type FieldError, type Tx } from '../activity/index.ts'
import { FACT_TYPES } from '../event/index.ts'
import { compileRules } from './match.ts'
import type { Rule, RulesetBody } from './ruleset.ts'

/**
 * Whether rules can decide at all: their conditions compile, what they group by are facts, and the services,
 * teams and policies they name exist. Throws `invalid` naming `rules.N.<field>` of each that is wrong.
 */
export async function checkRuleset(tx: Tx, body: RulesetBody): Promise<void> {
  const errors = [
    ...wrongConditions(body),
    ...body.rules.flatMap(wrongFields),
    ...(await unknownPlaces(tx, body.rules)),
  ]
  if (errors.length > 0) throw new DeskError('invalid', 'Some rules cannot be used as they are.', { errors })
}

function wrongConditions(body: RulesetBody): FieldError[] {
  try {
    compileRules({ ...body, version: 0 })
    return []
  } catch (error) {
    if (error instanceof DeskError && error.details.errors) return error.details.errors
    throw error
  }
}

/** What one may group by: a fact, and of a map one of its fields. */
export function isField(path: string): boolean {
  const [head = '', ...rest] = path.split('.')
  if (!Object.hasOwn(FACT_TYPES, head)) return false
  const isMap = FACT_TYPES[head as keyof typeof FACT_TYPES].startsWith('map')
  return isMap === rest.length > 0
}

const wrongFields = ({ group_by }: Rule, index: number): FieldError[] =>
  group_by.flatMap((path, place) =>
    isField(path)
      ? []
      : [{ path: `rules.${index}.group_by.${place}`, message: `“${path}” is not something an alert has` }],
  )

const PLACES = {
  service_id: 'service',
  team_id: 'team',
  escalation_policy_id: 'escalation policy',
} as const

async function unknownPlaces(tx: Tx, rules: Rule[]): Promise<FieldError[]> {
  const fields = Object.keys(PLACES) as (keyof typeof PLACES)[]
  const named = rules.flatMap((rule, index) =>
    fields.flatMap((field) => (rule[field] ? [{ index, field, id: rule[field] }] : [])),
  )
  if (named.length === 0) return []
  const { rows } = await sql<{ index: number; field: keyof typeof PLACES }>`
    select g.index, g.field from jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as g(index int, field text, id uuid)
    where not case g.field
      when 'service_id' then exists (select from service where id = g.id and archived_at is null)
      when 'team_id' then exists (select from team where id = g.id and archived_at is null)
      else exists (select from escalation_policy where id = g.id and archived_at is null) end
    order by g.index`.execute(tx.db)
  return rows.map(({ index, field }) => ({
    path: `rules.${index}.${field}`,
    message: `there is no such ${PLACES[field]}`,
  }))
}
