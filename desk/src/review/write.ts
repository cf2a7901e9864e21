import { DeskError, type Tx } from '../activity/index.ts'
import { changeTicket, lockTicket, type Ticket } from '../ticket/index.ts'
import { decideReview, type ReviewStep, type ReviewState, type ReviewTexts, TEXTS } from './lifecycle.ts'

/** Begins or changes the review. `stale` where somebody changed it since the revision that was seen. */
export async function writeReview(
  given: Tx,
  input: { id: string; texts: Partial<ReviewTexts>; seenRevision?: number },
): Promise<void> {
  const { ticket, tx, held } = await step(given, input.id, 'write')
  if (input.seenRevision !== undefined && input.seenRevision !== (held?.revision ?? 0))
    throw new DeskError('stale', 'Somebody changed the review meanwhile. Compare both and save again.', {
      current: { revision: held?.revision ?? 0 },
    })
  const changed = TEXTS.filter(
    (text) => input.texts[text] !== undefined && input.texts[text].trim() !== (held?.[text] ?? ''),
  )
  if (held && changed.length === 0) return
  const set = Object.fromEntries(changed.map((text) => [text, input.texts[text]!.trim()]))
  if (held)
    await tx.db
      .updateTable('review')
      .set((eb) => ({ ...set, revision: eb('revision', '+', 1) }))
      .where('ticket_id', '=', ticket.id)
      .execute()
  else
    await tx.db
      .insertInto('review')
      .values({ ticket_id: ticket.id, ...set, started_by: personOf(tx), started_at: tx.now })
      .execute()
  const was = await keepWords(
    tx,
    ticket.id,
    changed.flatMap((text) => (held?.[text] ? [{ field: `review.${text}`, body: held[text] }] : [])),
  )
  await changeTicket(tx, ticket, {
    verb: held ? 'write-review' : 'start-review',
    set: {},
    after: { ...was, texts: changed },
    visibility: 'internal',
  })
}

/** It says what was learnt; a major incident that has to be reviewed can be closed. */
export const finishReview = (tx: Tx, id: string): Promise<void> => settle(tx, id, 'finish')

/** There is more to say. */
export const reopenReview = (tx: Tx, id: string): Promise<void> => settle(tx, id, 'reopen')

async function settle(given: Tx, id: string, which: 'finish' | 'reopen'): Promise<void> {
  const { ticket, tx, state } = await step(given, id, which)
  const finished = state === 'finished'
  await tx.db
    .updateTable('review')
    .set((eb) => ({
      finished_at: finished ? tx.now : null,
      finished_by: finished ? personOf(tx) : null,
      revision: eb('revision', '+', 1),
    }))
    .where('ticket_id', '=', id)
    .execute()
  await changeTicket(tx, ticket, { verb: `${which}-review`, set: {}, visibility: 'internal' })
}

/** Locks the incident, and decides whether its review may take the step. */
export async function step(given: Tx, id: string, which: ReviewStep) {
  const { ticket, tx } = await lockTicket(given, id)
  const held = await tx.db.selectFrom('review').selectAll().where('ticket_id', '=', id).executeTakeFirst()
  const declared = await tx.db
    .selectFrom('major_incident')
    .select('lead_id')
    .where('ticket_id', '=', id)
    .where('state', '=', 'declared')
    .executeTakeFirst()
  const review: ReviewState = !held ? 'none' : held.finished_at ? 'finished' : 'draft'
  const state = decideReview({ state: ticket.state, declared: declared !== undefined, review }, which, held)
  return { ticket, tx, held, state }
}

/** Words that are replaced are kept, off the record. */
async function keepWords(
  tx: Tx,
  ticketId: Ticket['id'],
  words: { field: string; body: string }[],
): Promise<Record<string, string>> {
  if (words.length === 0) return {}
  const kept = await tx.db
    .insertInto('wording')
    .values(words.map((word) => ({ ticket_id: ticketId, ...word, created_at: tx.now })))
    .returning(['id', 'field'])
    .execute()
  return Object.fromEntries(kept.map(({ id, field }) => [`${field}_was`, id]))
}

const personOf = (tx: Tx) => (tx.actor.kind === 'person' ? tx.actor.id : null)
