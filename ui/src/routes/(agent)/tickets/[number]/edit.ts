import type { Level } from '#lib/api/types.ts'
import type { TicketEdit, TicketPage } from '#lib/ticket/ticket-page.ts'

/** What stands in the form while somebody edits a ticket. */
export interface Draft {
  title: string
  description: string
  impact: Level
  urgency: Level
  /** A service's id, or nothing. */
  service: string
  /** A category's id, or nothing. */
  category: string
}

export const draftOf = (ticket?: TicketPage): Draft => ({
  title: ticket?.title ?? '',
  description: ticket?.description ?? '',
  impact: ticket?.impact ?? 'medium',
  urgency: ticket?.urgency ?? 'medium',
  service: ticket?.service?.id ?? '',
  category: ticket?.category?.id ?? '',
})

/** The fields in which the draft differs from a ticket, as the API takes them. */
export function changedFields(ticket: TicketPage, draft: Draft): TicketEdit {
  const before = draftOf(ticket)
  const edit: TicketEdit = {}
  if (draft.title !== before.title) edit.title = draft.title
  if (draft.description !== before.description) edit.description = draft.description
  if (draft.impact !== before.impact) edit.impact = draft.impact
  if (draft.urgency !== before.urgency) edit.urgency = draft.urgency
  if (draft.service !== before.service) edit.service_id = draft.service || null
  if (draft.category !== before.category) edit.category_id = draft.category || null
  return edit
}

/** The fields that both sides changed, each in their own way, since the editing began. */
export function clashesOf(seen: TicketPage, theirs: TicketPage, draft: Draft): (keyof Draft)[] {
  const [was, is] = [draftOf(seen), draftOf(theirs)]
  const fields = Object.keys(was) as (keyof Draft)[]
  return fields.filter(
    (field) => is[field] !== was[field] && draft[field] !== was[field] && draft[field] !== is[field],
  )
}

/** What the other side changed and this one did not: taken over without a question. */
export function withTheirs(seen: TicketPage, theirs: TicketPage, draft: Draft): Draft {
  const [was, is] = [draftOf(seen), draftOf(theirs)]
  const untouched = (Object.keys(was) as (keyof Draft)[]).filter((field) => draft[field] === was[field])
  return { ...draft, ...Object.fromEntries(untouched.map((field) => [field, is[field]])) }
}

/** An edit that was begun and not saved, on the ticket as it was seen. */
export interface HeldEdit {
  seen: Pick<TicketPage, 'revision' | 'title' | 'description' | 'impact' | 'urgency' | 'service' | 'category'>
  draft: Draft
  at: string
}

export function heldEdit(
  { revision, title, description, impact, urgency, service, category }: TicketPage,
  draft: Draft,
  at = new Date().toISOString(),
): HeldEdit {
  return { seen: { revision, title, description, impact, urgency, service, category }, draft, at }
}
