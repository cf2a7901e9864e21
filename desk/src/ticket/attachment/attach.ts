import { sql } from 'kysely'
import { DeskError, type Tx } from '../../activity/index.ts'
import { changeTicket, lockTicket } from '../change.ts'

const MOST_PER_TICKET = 500

/** Puts files that the actor has sent on a ticket, with a line on its timeline. */
export async function attachFiles(
  given: Tx,
  input: { ticketId: string; attachmentIds: string[]; visibility: 'public' | 'internal' },
): Promise<void> {
  if (input.attachmentIds.length === 0) return
  const { ticket, tx } = await lockTicket(given, input.ticketId)
  if (ticket.state === 'cancelled' || ticket.state === 'closed')
    throw new DeskError('conflict', 'The ticket has ended. Reopen it before you add files.')
  await bindFiles(tx, { ...input, messageId: null })
  await changeTicket(tx, ticket, {
    verb: 'attach',
    set: {},
    after: { attachments: input.attachmentIds },
    visibility: input.visibility,
  })
}

/**
 * Ties files to a ticket and, where given, to a message. Only the actor's own, and only those that stand in no
 * message yet: nobody can show somebody else's file by naming it.
 */
export async function bindFiles(
  tx: Tx,
  input: {
    ticketId: string
    messageId: string | null
    attachmentIds: string[]
    visibility: 'public' | 'internal'
  },
): Promise<void> {
  const ids = [...new Set(input.attachmentIds)]
  if (ids.length === 0) return
  const { rows } = await sql`
    update attachment set ticket_id = ${input.ticketId}, message_id = ${input.messageId}, visibility = ${input.visibility}
    where id = any(${ids}::uuid[]) and uploader_id = ${tx.actor.id} and message_id is null and sha256 <> ''
      and (ticket_id is null or ticket_id = ${input.ticketId})
      and (select count(*) from attachment where ticket_id = ${input.ticketId}) + ${ids.length} <= ${MOST_PER_TICKET}
    returning id`.execute(tx.db)
  if (rows.length < ids.length)
    throw new DeskError('invalid', 'One of the files is not there any more, or is not yours. Add it again.', {
      errors: [{ path: 'attachment_ids', message: 'Add the file again.' }],
    })
}
