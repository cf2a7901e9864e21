import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, type FieldError, type Tx } from '../activity/index.ts'
import { readFields } from '../form/index.ts'
import { AUTOMATION, type AutomationBody, type AutomationRule, compileAutomation } from './rules.ts'
import { keepTimes } from './keep-times.ts'
import { type Named, namedBy, wrongAction } from './wrong-action.ts'
import { namedByTrigger, wrongTrigger } from './wrong-trigger.ts'

/** Whether rules can act at all. Throws `invalid` naming `rules.N.<field>` of each that is wrong. */
export async function checkAutomation(db: Db | Transaction<Tables>, body: AutomationBody): Promise<void> {
  const fields = namesFields(body) ? await readFields(db) : []
  const errors = [
    ...wrongConditions(body),
    ...body.rules.flatMap((rule, place) => wrongTrigger(`rules.${place}`, rule, fields)),
    ...actionsOf(body).flatMap(({ path, action }) => wrongAction(path, action, fields)),
    ...(await unknownNames(db, [
      ...body.rules.flatMap((rule, place) => namedByTrigger(`rules.${place}.on`, rule.on)),
      ...actionsOf(body).flatMap(({ path, action }) => namedBy(path, action, fields)),
    ])),
  ]
  if (errors.length > 0) throw new DeskError('invalid', 'Some rules cannot be used as they are.', { errors })
}

/** Publishes rules once they are checked; see `Rulebook.publish`. */
export async function publishAutomation(
  tx: Tx,
  { base, note, ...body }: AutomationBody & { base: number; note?: string },
): Promise<number> {
  await checkAutomation(tx.db, body)
  const version = await AUTOMATION.publish(tx, { base, note, body })
  await keepTimes(tx, body.rules)
  return version
}

const namesFields = ({ rules }: AutomationBody): boolean =>
  rules.some(
    ({ on, actions }) =>
      (on.kind === 'before' && on.field !== null) ||
      actions.some((action) => action.do === 'set' && action.fields !== undefined),
  )

function wrongConditions(body: AutomationBody): FieldError[] {
  try {
    compileAutomation({ ...body, version: 0 })
    return []
  } catch (error) {
    if (error instanceof DeskError && error.details.errors) return error.details.errors
    throw error
  }
}

const actionsOf = ({ rules }: { rules: AutomationRule[] }) =>
  rules.flatMap((rule, index) =>
    rule.actions.map((action, place) => ({ path: `rules.${index}.actions.${place}`, action })),
  )

async function unknownNames(db: Db | Transaction<Tables>, named: Named[]): Promise<FieldError[]> {
  if (named.length === 0) return []
  const { rows } = await sql<{ path: string; what: string }>`
    select g.path, g.what from jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as g(path text, what text, id uuid)
    where not case g.what
      when 'team' then exists (select from team where id = g.id and archived_at is null)
      when 'person' then exists (select from person where id = g.id and archived_at is null)
      when 'service' then exists (select from service where id = g.id and archived_at is null)
      when 'category' then exists (select from category where id = g.id and archived_at is null)
      when 'status' then exists (select from ticket_status where id = g.id and archived_at is null)
      when 'checklist' then exists (select from checklist_template where id = g.id and archived_at is null)
      when 'webhook' then exists (select from webhook where id = g.id and archived_at is null)
      else exists (select from escalation_policy where id = g.id and archived_at is null) end`.execute(db)
  return rows.map(({ path, what }) => ({ path, message: `there is no such ${what}` }))
}
