import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { mayInTeam, type Reader, scopeOf } from '../auth/index.ts'
import { viewVisible } from './visible.ts'

export type SharedWith = 'nobody' | 'team' | 'all'

export interface ViewInput {
  name: string
  /** What the list is asked, as a query has it. */
  filter: Record<string, string>
  sort: string
  /** What its list shows of each ticket, in this order; null: as usual. */
  columns: string[] | null
  sharedWith: SharedWith
  teamId: string | null
}

/** Of one's own. */
export const MOST_VIEWS = 100

interface Row {
  owner_id: string
  shared_with: SharedWith
  team_id: string | null
  archived_at: Date | null
  revision: number
}

/** Keeps a question about tickets under a name. */
export async function createView(tx: Tx, reader: Reader, input: ViewInput): Promise<string> {
  demandSharing(reader, input)
  await demandRoom(tx, reader)
  const { id } = await tx.db
    .insertInto('ticket_view')
    .values({
      name: input.name,
      filter: JSON.stringify(input.filter),
      sort: input.sort,
      columns: input.columns,
      owner_id: reader.person.id,
      shared_with: input.sharedWith,
      team_id: input.teamId,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tell(tx, 'create', id, {
    shared_with: input.sharedWith,
    team: input.teamId,
    sort: input.sort,
    columns: input.columns,
  })
  return id
}

/** Changes a view for everybody who has it. `stale` when somebody changed it since it was seen. */
export async function editView(
  tx: Tx,
  reader: Reader,
  id: string,
  { seenRevision, ...input }: Partial<ViewInput> & { seenRevision?: number },
): Promise<void> {
  const before = await lockView(tx, reader, id)
  if (before.archived_at) throw new DeskError('conflict', 'This view is deleted. Restore it first.')
  if (seenRevision !== undefined && seenRevision !== before.revision)
    throw new DeskError('stale', 'Somebody changed this view meanwhile.')
  const sharedWith = input.sharedWith ?? before.shared_with
  const teamId =
    input.teamId === undefined && input.sharedWith === undefined ? before.team_id : (input.teamId ?? null)
  if (sharedWith !== before.shared_with || teamId !== before.team_id)
    demandSharing(reader, { sharedWith, teamId })
  await tx.db
    .updateTable('ticket_view')
    .set((eb) => ({
      ...(input.name !== undefined && { name: input.name }),
      ...(input.filter && { filter: JSON.stringify(input.filter) }),
      ...(input.sort !== undefined && { sort: input.sort }),
      ...(input.columns !== undefined && { columns: input.columns }),
      shared_with: sharedWith,
      team_id: teamId,
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
  await tell(tx, 'edit', id, {
    shared_with: sharedWith,
    team: teamId,
    sort: input.sort,
    columns: input.columns,
  })
}

/** Takes a view away from everybody who has it; it can be restored. */
export const archiveView = (tx: Tx, reader: Reader, id: string): Promise<void> =>
  put(tx, reader, id, 'archive')

export const restoreView = (tx: Tx, reader: Reader, id: string): Promise<void> =>
  put(tx, reader, id, 'restore')

async function put(tx: Tx, reader: Reader, id: string, verb: 'archive' | 'restore'): Promise<void> {
  const { archived_at } = await lockView(tx, reader, id)
  if ((archived_at !== null) === (verb === 'archive')) return
  if (verb === 'restore') await demandRoom(tx, reader)
  await tx.db
    .updateTable('ticket_view')
    .set((eb) => ({ archived_at: verb === 'archive' ? tx.now : null, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .execute()
  await tell(tx, verb, id)
}

/** A view belongs to whoever made it; what is shared, to administrators too. */
async function lockView(tx: Tx, reader: Reader, id: string): Promise<Row> {
  const { rows } = await sql<Row>`
    select owner_id, shared_with, team_id, archived_at, revision from ticket_view v
    where id = ${id} and ${viewVisible(reader)} for no key update`.execute(tx.db)
  const view = found(rows[0], 'view')
  if (view.owner_id !== reader.person.id && !reader.administrator)
    throw new DeskError('forbidden', 'This view is somebody else’s. Save it as one of your own.')
  return view
}

function demandSharing(
  reader: Reader,
  { sharedWith, teamId }: Pick<ViewInput, 'sharedWith' | 'teamId'>,
): void {
  if ((sharedWith === 'team') !== (teamId !== null))
    throw new DeskError('invalid', 'A team is named where a view is shared with one.', {
      errors: [{ path: 'team_id', message: 'the team, if it is shared with one' }],
    })
  if (sharedWith === 'team' && !mayInTeam(reader, 'ticket.answer', teamId))
    throw new DeskError('forbidden', 'You can share a view with teams that you work in.')
  if (sharedWith === 'all' && !scopeOf(reader, 'insight.read'))
    throw new DeskError('forbidden', 'Managers and administrators share views with everybody.')
}

async function demandRoom(tx: Tx, reader: Reader): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`views ${reader.person.id}`}, 0))`.execute(tx.db)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ticket_view where owner_id = ${reader.person.id} and archived_at is null`.execute(
    tx.db,
  )
  if (rows[0]!.count >= MOST_VIEWS)
    throw new DeskError('conflict', `You have ${MOST_VIEWS} views: delete some first.`)
}

const tell = (tx: Tx, verb: string, id: string, after?: Record<string, unknown>) =>
  record(tx, [{ verb, subject: { kind: 'view', id }, after, visibility: 'audit' }])
