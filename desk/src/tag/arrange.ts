import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { normaliseTag } from './name.ts'

/** Another name for the same tag, on every ticket at once. `conflict` when a tag has it: those can be merged. */
export async function renameTag(tx: Tx, id: string, to: string): Promise<void> {
  const name = normaliseTag(to)
  await hold(tx, [id])
  const { rows } = await sql`select from tag where name = ${name} and id <> ${id}`.execute(tx.db)
  if (rows.length > 0)
    throw new DeskError('conflict', `There is a tag “${name}” already. Merge the two instead.`)
  await sql`update tag set name = ${name} where id = ${id}`.execute(tx.db)
  await tell(tx, 'rename', id)
}

/** Two tags that mean the same become one: tickets of the first have the second, and so does its name from now on. */
export async function mergeTags(tx: Tx, { from, into }: { from: string; into: string }): Promise<void> {
  if (from === into)
    throw new DeskError('invalid', 'A tag cannot be merged with itself.', {
      errors: [{ path: 'into', message: 'is the tag itself' }],
    })
  await hold(tx, [from, into])
  await sql`update tag set merged_into_id = ${into} where id = ${from} or merged_into_id = ${from}`.execute(
    tx.db,
  )
  const { numAffectedRows: moved } = await sql`
    insert into ticket_tag (ticket_id, tag_id, created_at)
    select ticket_id, ${into}, created_at from ticket_tag where tag_id = ${from} on conflict do nothing`.execute(
    tx.db,
  )
  await sql`delete from ticket_tag where tag_id = ${from}`.execute(tx.db)
  await tell(tx, 'merge', from, { into, tickets: Number(moved ?? 0) })
}

/** Locks tags that stand, in the order of their ids; whoever puts one on a ticket meanwhile waits for its key. */
async function hold(tx: Tx, ids: string[]): Promise<void> {
  const { rows } = await sql`
    select from tag where id = any(${ids}::uuid[]) and merged_into_id is null order by id for update`.execute(
    tx.db,
  )
  found(rows.length === ids.length ? rows : undefined, 'tag')
}

const tell = (tx: Tx, verb: string, id: string, after?: Record<string, unknown>) =>
  record(tx, [{ verb, subject: { kind: 'tag', id }, after, visibility: 'audit' }])
