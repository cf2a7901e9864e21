import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import type { Label } from '../services/index.ts'
import type { TicketKind, TicketState } from './lifecycles.ts'
import type { PendingReason } from './state.ts'
import { statesOf } from './status.ts'

export interface StatusInput {
  kind: TicketKind
  key: string
  name: Label
  state: TicketState
  pendingReason?: PendingReason | null
  /** Absent or null: that of its state. */
  color?: StatusColor | null
  position?: number
}

export const STATUS_COLORS = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'violet', 'grey'] as const
export type StatusColor = (typeof STATUS_COLORS)[number]

/** Of one kind, that can be chosen. */
const MOST_STATUSES = 50

const wrong = (path: string, message: string) =>
  new DeskError('invalid', 'The status cannot be like this.', { errors: [{ path, message }] })

/** Adds a status for tickets of a kind. `conflict` when its key is taken there, also by an archived one. */
export async function createStatus(tx: Tx, input: StatusInput): Promise<string> {
  if (!statesOf(input.kind).has(input.state))
    throw wrong('state', 'is no state that tickets of this kind come to')
  demandWaiting(input.state, input.pendingReason)
  await demandRoom(tx, input.kind)
  const row = await tx.db
    .insertInto('ticket_status')
    .values({
      kind: input.kind,
      key: input.key,
      name: JSON.stringify(input.name),
      state: input.state,
      pending_reason: input.pendingReason ?? null,
      color: input.color ?? null,
      position: input.position ?? 0,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new DeskError('conflict', `A status with the key “${input.key}” exists already.`)
  await tell(tx, 'create', row.id, { kind: input.kind, state: input.state })
  return row.id
}

/** Renames a status, changes its place, its colour or what is waited for. Tickets that have it keep what they wait for. */
export async function editStatus(
  tx: Tx,
  id: string,
  input: Partial<Pick<StatusInput, 'name' | 'pendingReason' | 'color' | 'position'>> & {
    seenRevision?: number
  },
): Promise<void> {
  const before = await lockStatus(tx, id)
  if (before.archived_at) throw new DeskError('conflict', 'This status is archived. Restore it first.')
  if (input.seenRevision !== undefined && input.seenRevision !== before.revision)
    throw new DeskError('stale', 'Somebody changed this status meanwhile.')
  demandWaiting(before.state as TicketState, input.pendingReason)
  await tx.db
    .updateTable('ticket_status')
    .set((eb) => ({
      ...(input.name && { name: JSON.stringify(input.name) }),
      ...(input.pendingReason !== undefined && { pending_reason: input.pendingReason }),
      ...(input.color !== undefined && { color: input.color }),
      ...(input.position !== undefined && { position: input.position }),
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
  await tell(tx, 'edit', id, {
    pending_reason: input.pendingReason,
    color: input.color,
    position: input.position,
  })
}

/** Takes a status out of what can be chosen; tickets keep it until they leave its state. */
export async function archiveStatus(tx: Tx, id: string): Promise<void> {
  const { archived_at } = await lockStatus(tx, id)
  if (archived_at) return
  await sql`update ticket_status set archived_at = ${tx.now}, revision = revision + 1 where id = ${id}`.execute(
    tx.db,
  )
  await tell(tx, 'archive', id)
}

/** Brings an archived status back among those that can be chosen. */
export async function restoreStatus(tx: Tx, id: string): Promise<void> {
  const { archived_at, kind } = await lockStatus(tx, id)
  if (!archived_at) return
  await demandRoom(tx, kind)
  await sql`update ticket_status set archived_at = null, revision = revision + 1 where id = ${id}`.execute(
    tx.db,
  )
  await tell(tx, 'restore', id)
}

async function lockStatus(tx: Tx, id: string) {
  const row = await tx.db
    .selectFrom('ticket_status')
    .select(['kind', 'state', 'archived_at', 'revision'])
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return found(row, 'status')
}

function demandWaiting(state: TicketState, reason: PendingReason | null | undefined): void {
  if (reason && state !== 'pending') throw wrong('pending_reason', 'is for statuses of tickets that wait')
}

/** One at a time counts those of a kind, so that two of them do not both take the last place. */
async function demandRoom(tx: Tx, kind: TicketKind): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('ticket_status'))`.execute(tx.db)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ticket_status where kind = ${kind} and archived_at is null`.execute(
    tx.db,
  )
  if (rows[0]!.count >= MOST_STATUSES)
    throw new DeskError('conflict', `This kind has ${MOST_STATUSES} statuses: archive some first.`)
}

const tell = (tx: Tx, verb: string, id: string, after?: Record<string, unknown>) =>
  record(tx, [{ verb, subject: { kind: 'status', id }, after, visibility: 'audit' }])
