import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { demandCategory } from '../category/index.ts'
import { demandTeam, holdTeams } from '../people/index.ts'
import { holdTags, namesOf } from '../tag/index.ts'
import { bodyOf } from '../ticket/index.ts'
import type { Wish } from './wish.ts'

/** A wish as people speak it: tags by their names. */
export interface Spoken extends Omit<Wish, 'tagIds' | 'untagIds'> {
  tag?: string[]
  untag?: string[]
}

/** Reads a wish that is the same for many tickets; throws where it could come true on none. */
export async function readWish(tx: Tx, { tag, untag, ...spoken }: Spoken): Promise<Wish> {
  if (spoken.categoryId) await demandCategory(tx, spoken.categoryId)
  if (spoken.teamId) demandTeam(await holdTeams(tx, [spoken.teamId]), spoken.teamId)
  return {
    ...spoken,
    ...(spoken.note !== undefined && { note: bodyOf(spoken.note, 'note') }),
    ...(spoken.reply !== undefined && { reply: bodyOf(spoken.reply, 'reply') }),
    ...(tag && { tagIds: await holdTags(tx, namesOf(tag, 'tag')) }),
    ...(untag && { untagIds: await knownTags(tx, namesOf(untag, 'untag')) }),
  }
}

async function knownTags(tx: Tx, names: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct coalesce(merged_into_id, id) as id from tag where name = any(${names})`.execute(tx.db)
  return rows.map(({ id }) => id)
}
