import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { seenBy, workedBy } from '../auth/index.ts'

export const MOST_MENTIONS = 20

/**
 * Keeps whom a message names, and answers those who are told of it: they may read it. Only whoever is written out in the
 * message's own words is named; what it quotes names nobody.
 */
export async function keepMentions(
  tx: Tx,
  message: { id: string; ticketId: string; kind: 'reply' | 'note'; body: string },
  people: string[],
): Promise<string[]> {
  const ids = [...new Set(people)]
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string; name: string; told: boolean }>`
    select p.id, p.name, ${seenBy} and (${message.kind === 'reply'} or ${workedBy}) as told
    from person p join ticket t on t.id = ${message.ticketId}
    where p.id = any(${ids}::uuid[]) and p.archived_at is null`.execute(tx.db)
  const own = ownWords(message.body)
  const wrong = ids.flatMap((id, place) => {
    const person = rows.find((row) => row.id === id)
    if (!person) return [{ path: `mentions.${place}`, message: 'is nobody here' }]
    if (isNamed(own, person.name)) return []
    return [
      { path: `mentions.${place}`, message: `is not written as “@${person.name}” outside of quotations` },
    ]
  })
  if (wrong.length > 0)
    throw new DeskError('invalid', 'Somebody is mentioned whom the message does not name.', { errors: wrong })
  await sql`
    insert into mention (message_id, person_id, told)
    select ${message.id}::uuid, m.id, m.told
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m(id uuid, told boolean)`.execute(tx.db)
  return rows.filter(({ told }) => told).map(({ id }) => id)
}

/** A message without what it quotes and without what it shows as code. */
export const ownWords = (body: string): string =>
  body
    .replace(/^(```|~~~)[^]*?(^\1|$(?![^]))/gm, '')
    .replace(/^\s{0,3}>.*$/gm, '')
    .replace(/`[^`\n]*`/g, '')

/** Whether the words name this person: `@` and the whole name, and no longer one. */
export function isNamed(words: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])@${escaped}(?![\p{L}\p{N}_])`, 'u').test(words)
}
