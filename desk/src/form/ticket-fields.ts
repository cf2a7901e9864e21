import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { type Answers, checkAnswers, type Locale, refusePeople } from './answers.ts'
import { asked } from './asked.ts'
import { type CustomField, readFields } from './field.ts'
import type { FormField } from './form.ts'

export interface TicketAnswers {
  kind: string
  categoryId: string | null
  /** What is asked beside the custom fields: the form of a catalogue's item. */
  form?: FormField[]
  /** What the ticket has already; answers to questions that apply no more stay with it. */
  before?: Record<string, unknown>
  given: Record<string, unknown>
  locale: Locale
  /** An employee answers: only what employees are asked. */
  employee?: boolean
}

/** What decides about answers, beside the ticket itself. */
export interface Asking {
  fields: readonly CustomField[]
  /** Of the ticket's category, from the top down. */
  path?: string[]
}

/**
 * A ticket's answers as they are kept once these are given. Throws `invalid` where one is unknown, wrong, or missing
 * though it must be there; null takes an answer away.
 */
export async function checkTicketFields(tx: Tx, input: TicketAnswers): Promise<Record<string, unknown>> {
  const asking = { fields: await readFields(tx.db), path: await pathOf(tx, input.categoryId) }
  const { answers, named } = settleAnswers(input, asking)
  if (named.length > 0)
    demandPeople(
      named,
      await peopleAmong(
        tx,
        named.map(({ id }) => id),
      ),
      input.locale,
    )
  return answers
}

/** The same where all that decides has been read. `named`: whoever is named anew has to be there. */
export function settleAnswers(
  input: TicketAnswers,
  { fields, path }: Asking,
): { answers: Record<string, unknown>; named: Named[] } {
  const { before = {}, given, locale } = input
  const own = input.form ?? []
  const custom = fieldsOf(fields, { ...input, path }).filter(({ key }) => !own.some((one) => one.key === key))
  const form = [...own, ...custom].map((field) => withStanding(field, before[field.key]))
  const among = new Set(form.map(({ key }) => key))
  const standing = Object.fromEntries(Object.entries(before).filter(([key]) => among.has(key)))
  const stays = Object.fromEntries(Object.entries(before).filter(([key]) => !among.has(key)))
  // An answer that stood, to a question which the new ones make moot, stays unless it was sent again.
  const { answers, moot } = settle(form, { ...standing, ...given }, given, locale)
  const named = form.flatMap(({ key, type }) =>
    type === 'person' && answers[key] !== undefined && answers[key] !== before[key]
      ? [{ key, id: answers[key] as string }]
      : [],
  )
  return { answers: { ...stays, ...moot, ...answers }, named }
}

export interface Named {
  key: string
  id: string
}

/** Whoever is named anew has to be there; who has left since stays where they stand. */
export function demandPeople(named: readonly Named[], there: ReadonlySet<string>, locale: Locale): void {
  const wrong = named.filter(({ id }) => !there.has(id))
  if (wrong.length > 0)
    refusePeople(
      wrong.map(({ key }) => key),
      locale,
    )
}

/** Those of these ids who are people here. */
export async function peopleAmong(tx: Tx, ids: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from person where id = any(${ids}::uuid[]) and archived_at is null`.execute(tx.db)
  return new Set(rows.map(({ id }) => id))
}

/** A choice that was retired can stay where it stands already. */
const withStanding = (field: FormField, answer: unknown): FormField => ({
  ...field,
  options: field.options?.map((option) =>
    [answer].flat().includes(option.value) ? { value: option.value, label: option.label } : option,
  ),
})

function settle(
  form: FormField[],
  all: Record<string, unknown>,
  given: Record<string, unknown>,
  locale: Locale,
): { answers: Answers; moot: Record<string, unknown> } {
  const now = new Set(asked(form, all).map(({ key }) => key))
  const isMoot = (key: string) =>
    form.some((field) => field.key === key) && !now.has(key) && !Object.hasOwn(given, key)
  const entries = Object.entries(all)
  return {
    answers: checkAnswers(form, Object.fromEntries(entries.filter(([key]) => !isMoot(key))), locale),
    moot: Object.fromEntries(entries.filter(([key]) => isMoot(key))),
  }
}

/** The custom fields that a ticket of this kind is asked, its category being the last of the path. */
export const fieldsOf = (
  all: readonly CustomField[],
  { kind, path = [], employee = false }: { kind: string; path?: string[]; employee?: boolean },
): CustomField[] =>
  all.filter(
    (field) =>
      (!employee || field.asked) &&
      field.kinds.includes(kind) &&
      (field.category_ids.length === 0 || field.category_ids.some((id) => path.includes(id))),
  )

async function pathOf(tx: Tx, categoryId: string | null): Promise<string[] | undefined> {
  if (!categoryId) return undefined
  const { rows } = await sql<{ path: string[] }>`
    select to_jsonb(path) as path from category where id = ${categoryId}`.execute(tx.db)
  return rows[0]?.path
}
