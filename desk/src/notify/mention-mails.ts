import { sql } from 'kysely'
import type { ActivityRow, Tx } from '../activity/index.ts'
import { mentionedIn } from './notice-rules.ts'

/** Of those whom these lines mention, who want no mail of it. */
export async function deafToMentions(tx: Tx, lines: readonly ActivityRow[]): Promise<Set<string>> {
  const named = [...new Set(lines.flatMap(mentionedIn))]
  if (named.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select id from person where id = any(${named}::uuid[]) and not mention_mails`.execute(tx.db)
  return new Set(rows.map(({ id }) => id))
}
