import type { Selectable } from 'kysely'
import type { Tables } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import type { Reader } from '../auth/index.ts'
import { cannedVisible, demandShare, demandTitle, type Share, shareColumns, shareOf } from './share.ts'
import { demandVariables } from './variables.ts'

export type Kind = Tables['canned']['kind']
export interface CannedInput {
  title: string
  share: Share
  /** The text of a reply. */
  body?: string
  /** What a macro does, checked by whoever knows it. */
  does?: unknown
}

const MOST = 500
const words: Record<Kind, string> = { reply: 'canned reply', macro: 'macro' }

export async function createCanned(tx: Tx, reader: Reader, kind: Kind, input: CannedInput): Promise<string> {
  demandShare(reader, input.share)
  if (input.body !== undefined) demandVariables(input.body, 'body')
  const share = shareColumns(reader, input.share)
  await demandTeam(tx, share.team_id)
  const { rows } = await sql<{ id: string }>`
    insert into canned (kind, title, body, does, owner_id, team_id, created_at)
    select ${kind}, ${demandTitle(input.title)}, ${input.body ?? ''}, ${input.does === undefined ? null : JSON.stringify(input.does)}::jsonb,
      ${share.owner_id}::uuid, ${share.team_id}::uuid, ${tx.now}::timestamptz
    where (select count(*) from canned where kind = ${kind} and archived_at is null
      and owner_id is not distinct from ${share.owner_id}::uuid and team_id is not distinct from ${share.team_id}::uuid) < ${MOST}
    returning id`.execute(tx.db)
  if (!rows[0]) throw new DeskError('conflict', `There are ${MOST} already. Archive some first.`)
  await tell(tx, kind, 'create', rows[0].id, { scope: input.share.scope, team_id: share.team_id })
  return rows[0].id
}

/** Changes what is given. `stale` when another edit came between. */
export async function editCanned(
  tx: Tx,
  reader: Reader,
  kind: Kind,
  input: Partial<CannedInput> & { id: string; seenRevision?: number },
): Promise<void> {
  const held = await lock(tx, reader, kind, input.id)
  if (held.archived_at) throw new DeskError('conflict', `This ${words[kind]} is archived. Restore it first.`)
  if (input.seenRevision !== undefined && input.seenRevision !== held.revision)
    throw new DeskError('stale', `Somebody changed this ${words[kind]} meanwhile.`, {
      current: { title: held.title, body: held.body, does: held.does, revision: held.revision },
    })
  if (input.share) demandShare(reader, input.share)
  if (input.body !== undefined) demandVariables(input.body, 'body')
  const share = input.share && shareColumns(reader, input.share)
  if (share) await demandTeam(tx, share.team_id)
  await tx.db
    .updateTable('canned')
    .set((eb) => ({
      ...(input.title !== undefined && { title: demandTitle(input.title) }),
      ...(input.body !== undefined && { body: input.body }),
      ...(input.does !== undefined && { does: JSON.stringify(input.does) }),
      ...share,
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', input.id)
    .execute()
  await tell(tx, kind, 'edit', input.id, share && { scope: input.share?.scope, team_id: share.team_id })
}

/** Takes it out of what is offered, or brings it back. */
export async function archiveCanned(
  tx: Tx,
  reader: Reader,
  kind: Kind,
  { id, on }: { id: string; on: boolean },
): Promise<void> {
  const { archived_at } = await lock(tx, reader, kind, id)
  if ((archived_at !== null) === on) return
  await sql`update canned set archived_at = ${on ? tx.now : null}, revision = revision + 1 where id = ${id}`.execute(
    tx.db,
  )
  await tell(tx, kind, on ? 'archive' : 'restore', id)
}

/** One that the reader may use, as it stands, archived or not; else `not_found`. */
export async function findCanned(
  { db }: Pick<Tx, 'db'>,
  reader: Reader,
  kind: Kind,
  id: string,
): Promise<Selectable<Tables['canned']>> {
  const { rows } = await sql<Selectable<Tables['canned']>>`
    select k.* from canned k where k.id = ${id} and k.kind = ${kind} and ${cannedVisible(reader)}`.execute(db)
  return found(rows[0], words[kind])
}

async function lock(tx: Tx, reader: Reader, kind: Kind, id: string) {
  await sql`select from canned where id = ${id} for update`.execute(tx.db)
  const held = await findCanned(tx, reader, kind, id)
  demandShare(reader, shareOf(held))
  return held
}

async function demandTeam(tx: Tx, id: string | null): Promise<void> {
  if (!id) return
  const { rows } = await sql`select from team where id = ${id} and archived_at is null`.execute(tx.db)
  if (rows.length === 0)
    throw new DeskError('invalid', 'There is no such team.', {
      errors: [{ path: 'team_id', message: 'is no team' }],
    })
}

const tell = (tx: Tx, kind: Kind, verb: string, id: string, after?: Record<string, unknown>) =>
  record(tx, [
    { verb, subject: { kind: kind === 'reply' ? 'canned_reply' : 'macro', id }, after, visibility: 'audit' },
  ])
