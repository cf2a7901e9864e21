import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, type FieldError, type Tx } from '../activity/index.ts'
import { normaliseTag } from '../tag/index.ts'
import { AUTOMATION, type AutomationBody, compileAutomation, type RuleAction } from './rules.ts'

/** Whether rules can act at all. Throws `invalid` naming `rules.N.<field>` of each that is wrong. */
export async function checkAutomation(db: Db | Transaction<Tables>, body: AutomationBody): Promise<void> {
  const errors = [
    ...wrongConditions(body),
    ...actionsOf(body).flatMap(({ path, action }) => wrongAction(path, action)),
    ...(await unknownNames(db, body)),
  ]
  if (errors.length > 0) throw new DeskError('invalid', 'Some rules cannot be used as they are.', { errors })
}

/** Publishes rules once they are checked; see `Rulebook.publish`. */
export async function publishAutomation(
  tx: Tx,
  { base, note, ...body }: AutomationBody & { base: number; note?: string },
): Promise<number> {
  await checkAutomation(tx.db, body)
  return AUTOMATION.publish(tx, { base, note, body })
}

function wrongConditions(body: AutomationBody): FieldError[] {
  try {
    compileAutomation({ ...body, version: 0 })
    return []
  } catch (error) {
    if (error instanceof DeskError && error.details.errors) return error.details.errors
    throw error
  }
}

const actionsOf = ({ rules }: AutomationBody) =>
  rules.flatMap((rule, index) =>
    rule.actions.map((action, place) => ({ path: `rules.${index}.actions.${place}`, action })),
  )

function wrongAction(path: string, action: RuleAction): FieldError[] {
  const wrong = (field: string, message: string) => [{ path: `${path}.${field}`, message }]
  switch (action.do) {
    case 'set':
      return Object.keys(action).length === 1 ? wrong('do', 'sets nothing') : []
    case 'move':
      if (action.move === 'pend') return action.reason ? [] : wrong('reason', 'says what it waits for')
      return action.reason ? wrong('reason', 'belongs to waiting alone') : []
    case 'tell':
      return action.person_ids.length + action.team_ids.length === 0
        ? wrong('person_ids', 'names nobody')
        : []
    case 'tag':
    case 'untag':
      return wrongTags(path, action.do === 'tag' ? action.names : [action.name])
    default:
      return []
  }
}

function wrongTags(path: string, names: string[]): FieldError[] {
  try {
    names.forEach((name) => normaliseTag(name))
    return []
  } catch (error) {
    if (error instanceof DeskError) return [{ path: `${path}.names`, message: error.message }]
    throw error
  }
}

/** What an action names, by the field that names it. */
function namedBy(path: string, action: RuleAction): { path: string; what: string; id: string }[] {
  const one = (field: string, what: string, id: string | null | undefined) =>
    id ? [{ path: `${path}.${field}`, what, id }] : []
  switch (action.do) {
    case 'set':
      return [
        ...one('service_id', 'service', action.service_id),
        ...one('category_id', 'category', action.category_id),
      ]
    case 'assign':
      return [...one('team_id', 'team', action.team_id), ...one('assignee_id', 'person', action.assignee_id)]
    case 'tell':
      return [
        ...action.person_ids.flatMap((id, place) => one(`person_ids.${place}`, 'person', id)),
        ...action.team_ids.flatMap((id, place) => one(`team_ids.${place}`, 'team', id)),
      ]
    case 'page':
      return one('policy_id', 'escalation policy', action.policy_id)
    case 'call':
      return one('webhook_id', 'webhook', action.webhook_id)
    default:
      return []
  }
}

async function unknownNames(db: Db | Transaction<Tables>, body: AutomationBody): Promise<FieldError[]> {
  const named = actionsOf(body).flatMap(({ path, action }) => namedBy(path, action))
  if (named.length === 0) return []
  const { rows } = await sql<{ path: string; what: string }>`
    select g.path, g.what from jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as g(path text, what text, id uuid)
    where not case g.what
      when 'team' then exists (select from team where id = g.id and archived_at is null)
      when 'person' then exists (select from person where id = g.id and archived_at is null)
      when 'service' then exists (select from service where id = g.id and archived_at is null)
      when 'category' then exists (select from category where id = g.id and archived_at is null)
      when 'webhook' then exists (select from webhook where id = g.id and archived_at is null)
      else exists (select from escalation_policy where id = g.id and archived_at is null) end`.execute(db)
  return rows.map(({ path, what }) => ({ path, message: `there is no such ${what}` }))
}
