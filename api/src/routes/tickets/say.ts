import { z } from '@hono/zod-openapi'
import {
  type Box,
  commentOnTicket,
  discardDraft,
  MOST_MENTIONS,
  noteOnTicket,
  replyToTicket,
  type Tx,
} from '@tocsin/desk'
import { Id } from '../../route.ts'
import { verb } from './verb.ts'

export const DraftSpent = z.boolean().optional().openapi({
  description: 'what I kept of this as a draft goes with it, in the same transaction',
})
const Message = z.strictObject({
  body: z.string().min(1).max(100_000),
  attachment_ids: z.array(Id).max(20).optional(),
  discard_draft: DraftSpent,
  mentions: z.array(Id).max(MOST_MENTIONS).optional().openapi({
    description: 'people whom the text names as “@” and their name; those who may read it are told',
  }),
})

/** Takes away the draft that has just been sent. */
export const spendDraft = async (tx: Tx, ticketId: string, box: Box, spent: boolean | undefined) => {
  if (spent && tx.actor.kind === 'person') await discardDraft(tx, { personId: tx.actor.id, ticketId, box })
}

/** Words on a ticket: to its requester, and among those who work on it. */
export const SAYING = [
  verb({
    name: 'reply',
    summary: 'Write to the requester, or, as the requester, to the desk',
    permission: 'ticket.comment',
    also: 'requester',
    input: Message,
    run: async (tx, ticket, input) => {
      await spendDraft(tx, ticket.id, 'reply', input.discard_draft)
      return (ticket.workable && !ticket.requester ? replyToTicket : commentOnTicket)(tx, {
        id: ticket.id,
        body: input.body,
        attachmentIds: input.attachment_ids,
        mentions: ticket.workable ? input.mentions : [],
      })
    },
  }),
  verb({
    name: 'note',
    summary: 'Write for those who work on it',
    permission: 'ticket.answer',
    input: Message,
    run: async (tx, { id }, input) => {
      await spendDraft(tx, id, 'note', input.discard_draft)
      return noteOnTicket(tx, {
        id,
        body: input.body,
        attachmentIds: input.attachment_ids,
        mentions: input.mentions,
      })
    },
  }),
]
