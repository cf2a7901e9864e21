import { sql } from 'kysely'
import { DeskError, type Line, type Tx } from '../activity/index.ts'
import { wakeReminders } from '../reminder/index.ts'
import { bindFiles } from './attachment/index.ts'
import { changeTicket, lockTicket, type Ticket } from './change.ts'
import { keepMentions } from './mention.ts'

export interface SayInput {
  id: string
  body: string
  attachmentIds?: string[]
  /** People whom it names; those who may read it are told. */
  mentions?: string[]
  channel?: string
  cause?: Line['cause']
}
interface Published extends SayInput {
  /** The verb of its line. */
  verb: string
  /** More for the line: ids and instants. */
  after?: Record<string, unknown>
}

const MAX_BODY = 100_000

/** A public reply by the desk. The first one is a response; a pending-on-requester ticket stays as it is. */
export const replyToTicket = (tx: Tx, input: SayInput): Promise<string> => say(tx, input, 'reply', false)

/** A public reply in all but its verb: it is told to more than those who see the ticket. */
export const publishOnTicket = (tx: Tx, input: Published): Promise<string> => say(tx, input, 'reply', false)

/** The requester's own words. They wake a ticket that waits for them. */
export const commentOnTicket = (tx: Tx, input: SayInput): Promise<string> => say(tx, input, 'reply', true)

/** For those who work on it only. */
export const noteOnTicket = (tx: Tx, input: SayInput): Promise<string> => say(tx, input, 'note', false)

/** What is said, as it is kept. */
export function bodyOf(said: string, path = 'body'): string {
  const body = said.trim()
  if (body !== '' && body.length <= MAX_BODY) return body
  throw new DeskError('invalid', 'A message has between 1 and 100,000 characters.', {
    errors: [{ path, message: '1 to 100,000 characters' }],
  })
}

export function demandSayable({ state }: Pick<Ticket, 'state'>, kind: 'reply' | 'note'): void {
  if (state === 'cancelled' || (state === 'closed' && kind === 'reply'))
    throw new DeskError('conflict', 'The ticket has ended. Reopen it before you write.')
}

/** The words of a message, joined to what the ticket is found by. */
export const searchWith = (kind: 'reply' | 'note', body: string, search = sql.ref('search')) =>
  sql<string>`search_joined(${search}, search_message(${kind}, ${body}))`

async function say(
  given: Tx,
  input: SayInput & Partial<Published>,
  kind: 'reply' | 'note',
  fromRequester: boolean,
): Promise<string> {
  const body = bodyOf(input.body)
  const { ticket, tx } = await lockTicket(given, input.id)
  demandSayable(ticket, kind)
  const { id: messageId } = await tx.db
    .insertInto('message')
    .values({
      ticket_id: ticket.id,
      author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
      kind,
      from_requester: fromRequester,
      body,
      channel: input.channel ?? (fromRequester ? 'portal' : 'desk'),
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await bindFiles(tx, {
    ticketId: ticket.id,
    messageId,
    attachmentIds: input.attachmentIds ?? [],
    visibility: kind === 'note' ? 'internal' : 'public',
  })
  const told = await keepMentions(
    tx,
    { id: messageId, ticketId: ticket.id, kind, body },
    input.mentions ?? [],
  )
  if (fromRequester) await wakeReminders(tx, ticket.id)
  // What a rule sends answers nobody: the clock of the response goes on.
  const byRule = tx.actor.kind === 'rule'
  const firstReply = kind === 'reply' && !fromRequester && !byRule && ticket.first_response_at === null
  const woken = fromRequester && ticket.state === 'pending' && ticket.pending_reason === 'requester'
  await changeTicket(tx, ticket, {
    verb: input.verb ?? (fromRequester ? 'comment' : kind),
    set: {
      ...(firstReply && { first_response_at: tx.now }),
      search: searchWith(kind, body),
      ...(woken && { state: 'in_progress', pending_reason: null }),
    },
    after: { message: messageId, ...(told.length > 0 && { mentions: told }), ...input.after },
    cause: input.cause,
    visibility: kind === 'note' ? 'internal' : 'public',
  })
  return messageId
}
