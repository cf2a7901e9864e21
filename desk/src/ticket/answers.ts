import type { Tx } from '../activity/index.ts'
import { checkTicketFields, type FormField, type Locale } from '../form/index.ts'
import type { Ticket } from './change.ts'

/** All answers of a locked ticket as an edit leaves them, and the keys of those it changes; undefined: none. */
export async function editAnswers(
  tx: Tx,
  ticket: Ticket,
  input: { fields?: Record<string, unknown>; categoryId?: string | null; locale?: Locale },
): Promise<{ fields: Record<string, unknown>; changed: string[] } | undefined> {
  if (!input.fields) return undefined
  const before = ticket.fields as Record<string, unknown>
  const fields = await checkTicketFields(tx, {
    kind: ticket.kind,
    categoryId: input.categoryId === undefined ? ticket.category_id : input.categoryId,
    form: await formOf(tx, ticket.catalogue_item_id),
    before,
    given: input.fields,
    locale: input.locale ?? 'en',
  })
  const keys = [...new Set([...Object.keys(before), ...Object.keys(fields)])]
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(fields[key]))
  return changed.length > 0 ? { fields, changed } : undefined
}

/** What the item asked through which the ticket was filed. */
async function formOf(tx: Tx, itemId: string | null): Promise<FormField[]> {
  if (!itemId) return []
  const { fields } = await tx.db
    .selectFrom('catalogue_item')
    .select('fields')
    .where('id', '=', itemId)
    .executeTakeFirstOrThrow()
  return fields as unknown as FormField[]
}
