import { DeskError, type Tx } from '../activity/index.ts'
import { LIFECYCLES, type TicketKind, type TicketState } from './lifecycles.ts'
import { type PendingReason, WORDS } from './state.ts'

/** A finer word for a state, for tickets of one kind. Which moves are possible is a matter of the state alone. */
export interface Status {
  id: string
  kind: TicketKind
  state: TicketState
  /** What a ticket that comes to it waits for. */
  pending_reason: PendingReason | null
  archived_at: Date | null
}

const LIVES = {
  incident: ['incident'],
  request: ['request'],
  problem: ['problem'],
  change: ['standard', 'normal', 'emergency'],
} as const

/** The states that tickets of a kind come to, where statuses can belong. */
export const statesOf = (kind: TicketKind): Set<TicketState> =>
  new Set([
    'new',
    ...LIVES[kind]
      .flatMap((life) => Object.values(LIFECYCLES[life]))
      .flatMap(({ to }) => (to === 'same' ? [] : [to])),
  ])

const wrong = (path: string, message: string) =>
  new DeskError('invalid', 'The ticket cannot be given this status.', { errors: [{ path, message }] })

/** What a ticket waits for that is moved to a status: what this names, else what was said. */
export function reasonWith(
  status: Status | null | undefined,
  said?: PendingReason,
): PendingReason | undefined {
  const named = status?.pending_reason ?? undefined
  if (named && said && named !== said)
    throw wrong('reason', `the status is for tickets that wait for: ${named}`)
  return named ?? said
}

interface Place {
  kind: TicketKind
  state: TicketState
  pending_reason: PendingReason | null
}

/**
 * The status of a ticket where a step has brought it: the one that was asked for, if it belongs there; nothing asked,
 * the one it had, as long as that does. Never one of another state, nor one that says it waits for somebody else.
 */
export function decideStatus(
  had: { state: TicketState; status: Status | null },
  place: Place,
  asked: Status | null | undefined,
): Status | null {
  if (asked === null) return null
  if (asked === undefined) {
    const waits = had.status?.pending_reason ?? place.pending_reason
    return had.state === place.state && waits === place.pending_reason ? had.status : null
  }
  if (asked.kind !== place.kind) throw wrong('status_id', 'is a status for another kind of ticket')
  if (asked.archived_at && asked.id !== had.status?.id) throw wrong('status_id', 'cannot be chosen any more')
  if (asked.state !== place.state)
    throw new DeskError(
      'conflict',
      `This status is for tickets that are ${WORDS[asked.state]}; this one would be ${WORDS[place.state]}.`,
    )
  return asked
}

export interface Statuses {
  had: Status | null
  asked: Status | null | undefined
}

/** The status that a ticket has, and the one asked for. */
export async function readStatuses(
  tx: Tx,
  had: string | null,
  asked: string | null | undefined,
): Promise<Statuses> {
  const known = await holdStatuses(tx, [had, asked])
  if (!asked)
    return { had: had === null ? null : (known.get(had) ?? null), asked: asked === null ? null : undefined }
  return { had: had === null ? null : (known.get(had) ?? null), asked: demandStatus(known, asked) }
}

export function demandStatus(known: Map<string, Status>, id: string): Status {
  const status = known.get(id)
  if (!status) throw wrong('status_id', 'is not a status')
  return status
}

/**
 * Statuses by their ids, held until the end of the transaction: whoever archives one meanwhile waits, and whoever came
 * before is seen.
 */
export async function holdStatuses(
  tx: Tx,
  asked: (string | null | undefined)[],
): Promise<Map<string, Status>> {
  const ids = [...new Set(asked.filter((id) => typeof id === 'string'))]
  if (ids.length === 0) return new Map()
  const rows = (await tx.db
    .selectFrom('ticket_status')
    .select(['id', 'kind', 'state', 'pending_reason', 'archived_at'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forShare()
    .execute()) as unknown as Status[]
  return new Map(rows.map((row) => [row.id, row]))
}
