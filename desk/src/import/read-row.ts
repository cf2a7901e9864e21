import type { Impact, Priority } from '@tocsin/db'
import type { TicketKind } from '../ticket/index.ts'
import type { ImportedState, Outcome } from './mapping.ts'
import type { Cells, Coded, CodeField, InstantField, Plan, TextField } from './plan.ts'

/** What one row says of its ticket. What is absent, or in words that mean nothing here, is null. */
export interface RowFacts {
  texts: Record<TextField, string | null>
  kind: TicketKind | null
  state: ImportedState | null
  impact: Impact | null
  urgency: Impact | null
  priority: Priority | null
  instants: Record<InstantField, number | null>
  outcomes: { response: Outcome | null; resolution: Outcome | null }
  comments: Comment[]
  fields: Record<string, string>
}
export interface Comment {
  at: number | null
  author: string | null
  body: string
}

export interface Problem {
  field: string
  value: string
  message: string
}
/** A word that the mapping does not know. */
export interface Unknown {
  field: string
  value: string
}

const LONGEST: Partial<Record<TextField, number>> = { title: 500, description: 200_000 }
const LONGEST_NAME = 200
const FIRST_YEAR = Date.UTC(1970, 0, 1)
const MOST_COMMENTS = 500

/** Reads a row. A text that should be an instant and is none makes the row a broken one. */
export function readRow(
  plan: Plan,
  cells: Cells,
  now: number,
): { facts: RowFacts; unknown: Unknown[] } | Problem {
  const unknown: Unknown[] = []
  const codeOf = (field: string, coded: Coded | undefined): unknown => {
    const word = coded?.read(cells) ?? null
    if (!coded || word === null) return null
    const code = coded.values.get(word.toLowerCase())
    if (code === undefined) unknown.push({ field, value: word.slice(0, LONGEST_NAME) })
    return code ?? null
  }
  const instants = {} as RowFacts['instants']
  for (const [field, read] of Object.entries(plan.instants)) {
    const text = read?.(cells) ?? null
    const instant = text === null ? null : plan.instant(text)
    if (instant === undefined || (instant !== null && (instant < FIRST_YEAR || instant > now + 86_400_000)))
      return {
        field,
        value: text!.slice(0, 100),
        message:
          instant === undefined ? 'is not a date of the forms given' : 'is not a date that can have been',
      }
    instants[field as InstantField] = instant
  }
  const texts = {} as RowFacts['texts']
  for (const [field, read] of Object.entries(plan.texts) as [TextField, Plan['texts'][TextField]][])
    texts[field] = clean(read?.(cells) ?? null)?.slice(0, LONGEST[field] ?? LONGEST_NAME) ?? null
  const code = (field: CodeField) => codeOf(field, plan.codes[field])
  return {
    facts: {
      texts,
      kind: code('kind') as RowFacts['kind'],
      state: code('state') as RowFacts['state'],
      impact: code('impact') as RowFacts['impact'],
      urgency: code('urgency') as RowFacts['urgency'],
      priority: code('priority') as RowFacts['priority'],
      instants,
      outcomes: {
        response: codeOf('sla.response', plan.outcomes.response) as Outcome | null,
        resolution: codeOf('sla.resolution', plan.outcomes.resolution) as Outcome | null,
      },
      comments: plan.comments
        .slice(0, MOST_COMMENTS)
        .flatMap((place) => commentOf(plan, clean(cells[place]!.trim())) ?? []),
      fields: Object.fromEntries(
        plan.fields.flatMap(([name, read]) => {
          const text = clean(read(cells))
          return text === null ? [] : [[name, text.slice(0, 2_000)]]
        }),
      ),
    },
    unknown,
  }
}

/** “12/Mar/24 9:05 AM;anna;It is back”: what does not begin so is all text. */
function commentOf(plan: Plan, text: string | null): Comment | undefined {
  if (text === null || text === '') return undefined
  const whole = { at: null, author: null, body: text }
  if (plan.mapping.comments?.form !== 'date;author;text') return whole
  const [date = '', author = '', ...rest] = text.split(';')
  const at = plan.instant(date.trim())
  return at === undefined || rest.length === 0
    ? whole
    : { at, author: author.trim().slice(0, LONGEST_NAME) || null, body: rest.join(';').trim() }
}

/** Postgres keeps neither NUL nor half a surrogate pair. */
const clean = (text: string | null): string | null =>
  text === null ? null : text.replaceAll('\0', '\uFFFD').toWellFormed()
