import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import {
  checkTicketFields,
  type CustomField,
  demandPeople,
  type FormField,
  type Locale,
  peopleAmong,
  readFields,
  settleAnswers,
} from '../form/index.ts'
import type { Ticket } from './change.ts'

/** All answers of a ticket as an edit leaves them, and the keys of those it changes. */
export interface EditedAnswers {
  fields: Record<string, unknown>
  changed: string[]
}

/** What an edit makes of a locked ticket's answers; undefined: nothing. */
export async function editAnswers(
  tx: Tx,
  ticket: Ticket,
  input: { fields?: Record<string, unknown>; categoryId?: string | null; locale?: Locale },
): Promise<EditedAnswers | undefined> {
  if (!input.fields) return undefined
  const item = ticket.catalogue_item_id
  const forms = await formsOf(tx, item ? [item] : [])
  const fields = await checkTicketFields(tx, {
    kind: ticket.kind,
    categoryId: input.categoryId === undefined ? ticket.category_id : input.categoryId,
    form: forms.get(item ?? ''),
    before: ticket.fields as Record<string, unknown>,
    given: input.fields,
    locale: input.locale ?? 'en',
  })
  return changesOf(ticket, fields)
}

function changesOf(ticket: Ticket, fields: Record<string, unknown>): EditedAnswers | undefined {
  const before = ticket.fields as Record<string, unknown>
  const keys = [...new Set([...Object.keys(before), ...Object.keys(fields)])]
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(fields[key]))
  return changed.length > 0 ? { fields, changed } : undefined
}

/** What decides about the answers of many tickets, read once. */
export interface Answerable {
  fields: readonly CustomField[]
  paths: Map<string, string[]>
  forms: Map<string, FormField[]>
  people: ReadonlySet<string>
  locale: Locale
}

export async function readAnswerable(
  tx: Tx,
  asked: {
    tickets: readonly Ticket[]
    categoryIds: (string | null | undefined)[]
    given: Record<string, unknown>[]
    locale: Locale
  },
): Promise<Answerable> {
  const { tickets, locale } = asked
  const categories = [...asked.categoryIds, ...tickets.map((one) => one.category_id)]
  const { rows } = await sql<{ id: string; path: string[] }>`
    select id, to_jsonb(path) as path from category
    where id = any(${categories.filter((id) => typeof id === 'string')}::uuid[])`.execute(tx.db)
  const people = asked.given.flatMap((answers) => Object.values(answers)).filter(isId)
  return {
    fields: await readFields(tx.db),
    paths: new Map(rows.map(({ id, path }) => [id, path])),
    forms: await formsOf(
      tx,
      tickets.flatMap(({ catalogue_item_id }) => catalogue_item_id ?? []),
    ),
    people: await peopleAmong(tx, people),
    locale,
  }
}

const isId = (answer: unknown): answer is string =>
  typeof answer === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(answer)

/** The same as `editAnswers` of one ticket among many. */
export function decideAnswers(
  ticket: Ticket,
  given: Record<string, unknown>,
  known: Answerable,
): EditedAnswers | undefined {
  const { fields, paths, forms, people, locale } = known
  const { answers, named } = settleAnswers(
    {
      kind: ticket.kind,
      categoryId: ticket.category_id,
      form: forms.get(ticket.catalogue_item_id ?? ''),
      before: ticket.fields as Record<string, unknown>,
      given,
      locale,
    },
    { fields, path: paths.get(ticket.category_id ?? '') },
  )
  demandPeople(named, people, locale)
  return changesOf(ticket, answers)
}

/** What the items asked through which tickets were filed. */
async function formsOf(tx: Tx, itemIds: string[]): Promise<Map<string, FormField[]>> {
  if (itemIds.length === 0) return new Map()
  const rows = await tx.db
    .selectFrom('catalogue_item')
    .select(['id', 'fields'])
    .where('id', 'in', [...new Set(itemIds)])
    .execute()
  return new Map(rows.map(({ id, fields }) => [id, fields as unknown as FormField[]]))
}
