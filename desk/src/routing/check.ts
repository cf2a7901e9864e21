import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, type FieldError, type Tx } from '../activity/index.ts'
import { compileRoutes, ROUTING, type RoutingBody } from './rules.ts'

/** Whether rules can decide at all. Throws `invalid` naming `rules.N.<field>` of each that is wrong. */
export async function checkRouting(db: Db | Transaction<Tables>, body: RoutingBody): Promise<void> {
  const errors = [...wrongConditions(body), ...(await unknownNames(db, body))]
  if (errors.length > 0) throw new DeskError('invalid', 'Some rules cannot be used as they are.', { errors })
}

/** Publishes routing rules once they are checked; see `Rulebook.publish`. */
export async function publishRouting(
  tx: Tx,
  { base, note, ...body }: RoutingBody & { base: number; note?: string },
): Promise<number> {
  await checkRouting(tx.db, body)
  return ROUTING.publish(tx, { base, note, body })
}

function wrongConditions(body: RoutingBody): FieldError[] {
  try {
    compileRoutes({ ...body, version: 0 })
    return []
  } catch (error) {
    if (error instanceof DeskError && error.details.errors) return error.details.errors
    throw error
  }
}

async function unknownNames(db: Db | Transaction<Tables>, { rules }: RoutingBody): Promise<FieldError[]> {
  const named = rules.flatMap((rule, index) => [
    { path: `rules.${index}.team_id`, what: 'team', id: rule.team_id },
    ...rule.skills.map(({ skill_id }, place) => ({
      path: `rules.${index}.skills.${place}.skill_id`,
      what: 'skill',
      id: skill_id,
    })),
  ])
  const { rows } = await sql<{ path: string; what: string }>`
    select g.path, g.what from jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as g(path text, what text, id uuid)
    where not case g.what when 'team' then exists (select from team where id = g.id and archived_at is null)
              else exists (select from skill where id = g.id and archived_at is null) end`.execute(db)
  return rows.map(({ path, what }) => ({ path, message: `there is no such ${what}` }))
}
