import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'

export type Box = Tables['draft']['box']
export const BOXES: readonly Box[] = [
  'reply',
  'note',
  'solution',
  'what_happened',
  'impact',
  'root_cause',
  'went_well',
  'went_badly',
]

export interface Draft {
  box: Box
  body: string
  version: string
  kept_at: Date
}
interface Place {
  personId: string
  ticketId: string
  box: Box
}

const MOST_DRAFTS = 200

/** What this person has begun to write on a ticket. Nobody reads it but them. */
export async function readDrafts(
  db: Db | Transaction<Tables>,
  { personId, ticketId }: Omit<Place, 'box'>,
): Promise<Draft[]> {
  return db
    .selectFrom('draft')
    .select(['box', 'body', 'version', 'kept_at'])
    .where('person_id', '=', personId)
    .where('ticket_id', '=', ticketId)
    .orderBy('box')
    .execute()
}

/**
 * Keeps what is written so far. `seen` is the version that the writer wrote on from; where another window has kept
 * something else since, `stale` shows that. What was sent or discarded there meanwhile is simply kept anew.
 */
export async function keepDraft(
  tx: Tx,
  input: Place & { body: string; seen?: string },
): Promise<Omit<Draft, 'body'>> {
  const { personId, ticketId, box, body } = input
  const { rows } = await sql<Omit<Draft, 'body'>>`
    insert into draft (person_id, ticket_id, box, body, kept_at)
    select ${personId}, ${ticketId}, ${box}, ${body}, ${tx.now}::timestamptz
    where (select count(*) from draft where person_id = ${personId}
             and (ticket_id, box) <> (${ticketId}::uuid, ${box})) < ${MOST_DRAFTS}
    on conflict (person_id, ticket_id, box)
      do update set body = excluded.body, version = excluded.version, kept_at = excluded.kept_at
      where draft.version = ${input.seen ?? null}::uuid or draft.body = excluded.body
    returning box, version, kept_at`.execute(tx.db)
  if (rows[0]) return rows[0]
  const current = (await readDrafts(tx.db, input)).find((one) => one.box === box)
  if (current) throw new DeskError('stale', 'You wrote something else here in another window.', { current })
  throw new DeskError('conflict', `You have ${MOST_DRAFTS} drafts. Send or discard some first.`)
}

/** It was sent, or is not wanted any more. */
export const discardDraft = (tx: Tx, { box, ...place }: Place): Promise<void> =>
  discardDrafts(tx, { ...place, boxes: [box] })

export async function discardDrafts(
  tx: Tx,
  { personId, ticketId, boxes }: Omit<Place, 'box'> & { boxes: readonly Box[] },
): Promise<void> {
  if (boxes.length === 0) return
  await tx.db
    .deleteFrom('draft')
    .where('person_id', '=', personId)
    .where('ticket_id', '=', ticketId)
    .where('box', 'in', boxes)
    .execute()
}
