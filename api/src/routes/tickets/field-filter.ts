import type { Db } from '@tocsin/db'
import { DeskError } from '@tocsin/desk'
import { sql } from 'kysely'

/** The values that are asked for, by the key of their field. */
export function readFieldFilter(text: string): Map<string, string[]> {
  const wanted = new Map<string, string[]>()
  for (const part of text.split(/(?<!\\),/)) {
    const [, key, value] = /^\s*([a-z][a-z0-9_]{0,39})=(.+)$/s.exec(part.replaceAll('\\,', ',')) ?? []
    if (!key || !value)
      throw new DeskError('invalid', 'A field is asked for as key=value.', {
        errors: [{ path: 'field', message: 'key=value' }],
      })
    wanted.set(key, [...(wanted.get(key) ?? []), value])
  }
  return wanted
}

/** The same filter with the ids of those who are asked for by their name or e-mail. Nobody of that name: finds nothing. */
export async function namePeople(db: Db, text: string): Promise<string> {
  const asked = [...readFieldFilter(text)].flatMap(([key, values]) => values.map((value) => ({ key, value })))
  const { rows } = await sql<{ key: string; value: string }>`
    with given as (select distinct g.key, g.value from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as g(key text, value text)),
    about as (select key from custom_field where type = 'person' and key in (select key from given))
    select g.key, g.value from given g
    union all
    select g.key, p.id::text from given g join about using (key)
    join person p on p.folded_name = fold_text(g.value) or lower(p.email) = lower(g.value)`.execute(db)
  return rows.map(({ key, value }) => `${key}=${value.replaceAll(',', '\\,')}`).join(',')
}
