import { DeskError, type Tx } from '../activity/index.ts'
import { attachFiles, type OpenedTicket, openTickets } from '../ticket/index.ts'
import { checkTicketFields, cleanText, type Locale } from '../form/index.ts'
import { findItem } from './item.ts'

export interface FileInput {
  key: string
  requester: { id: string; locale: Locale }
  /** In the requester's words; the item's name, unless given. */
  title?: string
  description?: string
  /** Answers by the key of the question. */
  fields: Record<string, unknown>
  /** What is concerned, where the item leaves it open. */
  serviceId?: string | null
  /** Files sent before, by the requester. */
  attachmentIds?: string[]
}

/** An employee asks for something or reports a fault: the item's form and what its category asks, checked, become a ticket of theirs. */
export async function fileItem(tx: Tx, input: FileInput): Promise<OpenedTicket> {
  const item = await findItem(tx.db, input.key)
  const { locale } = input.requester
  const fields = await checkTicketFields(tx, {
    kind: item.kind,
    categoryId: item.category_id,
    form: item.fields,
    given: input.fields,
    locale,
    employee: true,
  })
  if (input.serviceId && item.service_id)
    throw new DeskError('invalid', 'This item is for one service already.', {
      errors: [{ path: 'service_id', message: 'is set by the item' }],
    })
  const [ticket] = await openTickets(tx, [
    {
      kind: item.kind,
      title: cleanText(input.title ?? '').replace(/\s+/g, ' ') || (item.name[locale] ?? item.name.en),
      description: cleanText(input.description ?? ''),
      impact: item.impact,
      urgency: item.urgency,
      channel: 'portal',
      serviceId: item.service_id ?? input.serviceId ?? null,
      teamId: item.team_id,
      categoryId: item.category_id,
      requesterId: input.requester.id,
      reporterId: input.requester.id,
      language: locale,
      catalogueItemId: item.id,
      fields,
      cause: { kind: 'catalogue_item', id: item.id },
    },
  ])
  await attachFiles(tx, {
    ticketId: ticket!.id,
    attachmentIds: input.attachmentIds ?? [],
    visibility: 'public',
  })
  return ticket!
}
