import type { Impact } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { demandCategory } from '../category/index.ts'
import type { Locale } from '../form/index.ts'
import { editAnswers } from './answers.ts'
import { changeTicket, lockTicket, type Ticket } from './change.ts'
import { type Details, editDetails } from './details.ts'
import { organisationWith } from './organisation.ts'

export interface EditInput extends Details {
  id: string
  /** The revision that the editor saw; absent: no check. */
  ifRevision?: number
  title?: string
  description?: string
  impact?: Impact
  urgency?: Impact
  serviceId?: string | null
  ciId?: string | null
  categoryId?: string | null
  symptomKey?: string | null
  requesterId?: string | null
  confidential?: boolean
  /** Answers to change; null takes one away. */
  fields?: Record<string, unknown>
  /** Of the words in which an answer is refused. */
  locale?: Locale
}

const COLUMNS = {
  title: 'title',
  description: 'description',
  impact: 'impact',
  urgency: 'urgency',
  serviceId: 'service_id',
  ciId: 'ci_id',
  categoryId: 'category_id',
  symptomKey: 'symptom_key',
  requesterId: 'requester_id',
  confidential: 'confidential',
} as const

/**
 * Edits what people may set. `stale` when the editor's fields were changed by somebody else since: what was
 * sent is not lost, the caller shows both. Another field changed meanwhile is no conflict.
 */
export async function editTicket(given: Tx, input: EditInput): Promise<Ticket> {
  const { ticket, tx } = await lockTicket(given, input.id)
  const wanted = (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).filter(
    (field) => input[field] !== undefined,
  )
  const changed = wanted.filter((field) => input[field] !== ticket[COLUMNS[field]])
  const details = await editDetails(tx, ticket, input)
  const answers = await editAnswers(tx, ticket, input)
  if (changed.length === 0 && !details && !answers) return ticket
  if (input.ifRevision !== undefined && input.ifRevision !== ticket.revision) {
    const meanwhile = await fieldsChangedSince(tx, ticket.id, input.ifRevision)
    const paths = [
      ...changed.map((field) => COLUMNS[field] as string),
      ...(details?.changed ?? []),
      ...(answers?.changed ?? []).map((key) => `fields.${key}`),
    ]
    const clashes = paths.filter((path) => meanwhile.has(path))
    if (clashes.length > 0)
      throw new DeskError(
        'stale',
        'Somebody changed the same fields meanwhile. Compare both and save again.',
        {
          errors: clashes.map((path) => ({ path, message: 'was changed meanwhile' })),
        },
      )
  }
  const set: Record<string, unknown> = Object.fromEntries(
    changed.map((field) => [COLUMNS[field], input[field]]),
  )
  if (input.impact || input.urgency) {
    const { priority } = await tx.db
      .selectFrom('priority_matrix')
      .select('priority')
      .where('impact', '=', input.impact ?? ticket.impact)
      .where('urgency', '=', input.urgency ?? ticket.urgency)
      .executeTakeFirstOrThrow()
    if (priority !== ticket.priority) set.priority = priority
  }
  if (changed.includes('requesterId'))
    Object.assign(set, await organisationWith(tx, ticket, input.requesterId!))
  if (changed.includes('categoryId') && input.categoryId) await demandCategory(tx, input.categoryId)
  if (answers) set.fields = JSON.stringify(answers.fields)
  const wording: Record<string, string> = {}
  for (const field of ['title', 'description'] as const) {
    if (!changed.includes(field)) continue
    const { id } = await tx.db
      .insertInto('wording')
      .values({ ticket_id: ticket.id, field, body: ticket[field], created_at: tx.now })
      .returning('id')
      .executeTakeFirstOrThrow()
    wording[`${field}_was`] = id
  }
  if (answers) {
    const { id } = await tx.db
      .insertInto('wording')
      .values({
        ticket_id: ticket.id,
        field: 'fields',
        body: JSON.stringify(ticket.fields),
        created_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    wording.fields_was = id
  }
  await details?.apply(tx)
  const { ticket: next } = await changeTicket(tx, ticket, {
    verb: 'edit',
    set,
    before: details?.before,
    after: { ...wording, ...details?.after, ...(answers && { fields: answers.changed }) },
    why: details?.why,
  })
  if (details || changed.includes('title') || changed.includes('description'))
    await sql`update ticket set search = search_of_ticket(id) where id = ${ticket.id}`.execute(tx.db)
  return next
}

async function fieldsChangedSince(tx: Tx, ticketId: string, revision: number): Promise<Set<string>> {
  const { rows } = await sql<{ field: string }>`
    select distinct f.field
    from activity a, lateral (
      select replace(key, '_was', '') as field from jsonb_object_keys(a.after) as key
      union all select 'fields.' || key from jsonb_array_elements_text(
        case jsonb_typeof(a.after -> 'fields') when 'array' then a.after -> 'fields' else '[]' end) as key) f
    where a.ticket_id = ${ticketId} and a.revision > ${revision} and a.verb = 'edit'`.execute(tx.db)
  return new Set(rows.map((row) => row.field))
}
