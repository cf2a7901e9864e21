import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { asked } from './asked.ts'
import { type CustomField, readFields } from './field.ts'
import { fieldsOf } from './ticket-fields.ts'

export interface Answered {
  kind: string
  /** Of its category, from the top down. */
  path?: string[]
  answers: Record<string, unknown>
}

/** The questions that a ticket is asked, whose answer must be there before the work on it is said to be done, and is not. */
export function unanswered(all: readonly CustomField[], { answers, ...ticket }: Answered): string[] {
  const isThere = (answer: unknown) =>
    answer !== undefined && answer !== null && answer !== '' && answer !== false && [answer].flat().length > 0
  return asked(fieldsOf(all, ticket), answers).flatMap((field) =>
    field.required_at_end && !isThere(answers[field.key]) ? [field.key] : [],
  )
}

/** The same of tickets on record, by their ids; those without any are left out. Costs one look where no field asks for it. */
export async function unansweredOf(
  db: Db | Transaction<Tables>,
  ticketIds: string[],
): Promise<Map<string, string[]>> {
  const { rows } = await sql<Answered & { id: string }>`
    select t.id, t.kind, to_jsonb(c.path) as path, t.fields as answers
    from ticket t left join category c on c.id = t.category_id
    where t.id = any(${ticketIds}::uuid[]) and exists (
      select from custom_field where archived_at is null and question ->> 'required_at_end' = 'true')`.execute(
    db,
  )
  if (rows.length === 0) return new Map()
  const all = await readFields(db)
  return new Map(
    rows.flatMap(({ id, path, ...ticket }) => {
      const open = unanswered(all, { ...ticket, path: path ?? undefined })
      return open.length > 0 ? [[id, open] as const] : []
    }),
  )
}
