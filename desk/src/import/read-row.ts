import type { Impact, Priority } from '@tocsin/db'
import { DeskError } from '../activity/index.ts'
import { MOST_TAGS, normaliseTag } from '../tag/index.ts'
import type { PendingReason, TicketKind } from '../ticket/index.ts'
import type { ImportedState, Outcome } from './mapping.ts'
import type { Cells } from './columns.ts'
import { bodyOf, type Comment, commentsOf } from './comments.ts'
import { zoneOf } from './instant.ts'
import { textOfMarkup } from './markup.ts'
import { clean } from './clean.ts'
import type { Coded, CodeField, InstantField, Plan, TextField } from './plan.ts'

/** What one row says of its ticket. What is absent, or in words that mean nothing here, is null. */
export interface RowFacts {
  texts: Record<TextField, string | null>
  kind: TicketKind | null
  state: ImportedState | null
  pending_reason: PendingReason | null
  impact: Impact | null
  urgency: Impact | null
  priority: Priority | null
  instants: Record<InstantField, number | null>
  outcomes: { response: Outcome | null; resolution: Outcome | null }
  comments: Comment[]
  tags: string[]
  fields: Record<string, string>
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
const TAGS = /[,;|\n]/

/** Reads a row. A text that should be an instant and is none makes the row a broken one. */
export function readRow(
  plan: Plan,
  cells: Cells,
  now: number,
): { facts: RowFacts; unknown: Unknown[] } | Problem {
  const unknown: Unknown[] = []
  const codeOf = (field: string, coded: Coded | undefined, of?: string | null): unknown => {
    const word = coded?.whole(cells) ?? null
    if (!coded || word === null) return null
    const said = firstLine(word).toLowerCase()
    const code = coded.values.get(`${of}/${said}`) ?? coded.values.get(said) ?? remaining(field, word)
    // “None” stands for nothing, unless it was said what it means.
    if (code === undefined && coded.read(cells) === null) return null
    if (code === undefined) unknown.push({ field, value: clean(word).slice(0, LONGEST_NAME) })
    return code ?? null
  }
  const named = plan.zone?.(cells) ?? undefined
  const zone = named === undefined ? undefined : zoneOf(named)
  if (named !== undefined && zone === undefined)
    return { field: 'zone', value: named.slice(0, 100), message: 'is not the name of one time zone' }
  const instants = {} as RowFacts['instants']
  const later = (text: string, unit: number) => {
    const { created_at } = instants
    if (!/^\d+(?:[.,]\d+)?$/.test(text) || created_at === null) return undefined
    return created_at + Math.round(Number(text.replace(',', '.')) * unit)
  }
  for (const [field, read] of plan.readInstants) {
    const text = read?.(cells) ?? null
    const lasts = plan.after.get(field)
    const instant = text === null ? null : lasts ? later(text, lasts) : plan.instant(firstLine(text), zone)
    if (instant === undefined || (instant !== null && (instant < FIRST_YEAR || instant > now + 86_400_000)))
      return {
        field,
        value: text!.slice(0, 100),
        message:
          instant !== undefined
            ? 'is not a date that can have been'
            : lasts
              ? 'is not a number, and counts how long it took'
              : 'is not a date of the forms given',
      }
    instants[field] = instant
  }
  const texts = {} as RowFacts['texts']
  for (const [field, read] of plan.readTexts) texts[field] = textOf(plan, field, read?.(cells) ?? null)
  const code = (field: CodeField, of?: string | null) => codeOf(field, plan.codes[field], of)
  const kind = (code('kind') ?? kindOf(plan, cells)) as RowFacts['kind']
  const state = code('state', kind) as RowFacts['state']
  return {
    facts: {
      texts,
      kind,
      state,
      // Some desks keep there also why a ticket ended.
      pending_reason: (state?.state === 'pending'
        ? code('pending_reason')
        : null) as RowFacts['pending_reason'],
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
        .flatMap((place) => commentsOf(plan, cells[place]!.trim(), zone)),
      tags: tagsOf(plan, cells, unknown),
      fields: Object.fromEntries(
        plan.fields.flatMap(([name, read]) => {
          const text = read(cells)
          return text === null ? [] : [[name, clean(text).replaceAll('\n', ', ').slice(0, 2_000)]]
        }),
      ),
    },
    unknown,
  }
}

/** A name or a title is of one line: of several, the first. */
function textOf(plan: Plan, field: TextField, given: string | null): string | null {
  if (given === null) return null
  const text = clean(plan.mapping.html ? textOfMarkup(given) : given)
  if (field === 'description') return bodyOf(plan, text).slice(0, LONGEST.description) || null
  const line = firstLine(text)
  if (!PEOPLE.has(field)) return line.slice(0, LONGEST[field] ?? LONGEST_NAME) || null
  const name = line.includes('@') ? firstOf(line) : line
  return NOBODY.has(name.toLowerCase()) ? null : name.slice(0, LONGEST_NAME) || null
}

const PEOPLE = new Set<TextField>(['assignee', 'requester', 'reporter', 'team'])
/** “a@x.org, b@x.org” are two people, “Rossi, Anna <a@x.org>” is one. */
function firstOf(line: string): string {
  const [first, ...others] = line.split(/[,;]\s*/)
  return first!.includes('@') && others.some((one) => one.includes('@')) ? first! : line
}

const NOBODY = new Set(
  `unassigned, (unassigned), not assigned, no agent, no group, nobody, nobody in particular, system default - nobody, non assigné, non attribué, non affecté, non assegnato,
   nicht zugewiesen, niemand, sin asignar, não atribuído`
    .split(',')
    .map((word) => word.trim()),
)

/** Desks that number by kind say it so: CHG0030002, R-000012, SCTASK0010001. */
const KINDS: [RegExp, TicketKind][] = [
  [/^(?:(?:CHG|CHANGE|CTASK|CRQ|RFC)-?|C-)\d+$/i, 'change'],
  [/^(?:(?:PRB|PROB|PBI|PKE)-?|P-)\d+$/i, 'problem'],
  [/^(?:(?:REQ|RITM|SCTASK|TASK|SR|WO)-?|R-)\d+$/i, 'request'],
]
function kindOf({ number }: Plan, cells: Cells): TicketKind | null {
  const text = typeof number === 'number' ? cells[number]!.trim() : ''
  return KINDS.find(([form]) => form.test(text))?.[1] ?? null
}

/** Jira tells what was left of a promise, and what it was passed by: “3:59” was met, “-0:20” was not. */
function remaining(field: string, word: string): Outcome | undefined {
  if (!field.startsWith('sla.')) return undefined
  return /^-\s?\d+[:hm]/.test(word) ? 'breached' : /^\d+(?::\d\d|[hm]\b)/.test(word) ? 'met' : undefined
}

function tagsOf(plan: Plan, cells: Cells, unknown: Unknown[]): string[] {
  const tags = new Set<string>()
  for (const word of plan.tags.flatMap((place) => cells[place]!.split(TAGS))) {
    const tag = tagOf(word)
    if (tag !== undefined && tags.size < MOST_TAGS) tags.add(tag)
    else if (tag === undefined && word.trim() !== '')
      unknown.push({ field: 'tags', value: clean(word.trim()).slice(0, LONGEST_NAME) })
  }
  return [...tags]
}

/** Undefined for what has no letter or digit, or too many. */
function tagOf(word: string): string | undefined {
  try {
    return normaliseTag(word)
  } catch (error) {
    if (error instanceof DeskError) return undefined
    throw error
  }
}

function firstLine(text: string): string {
  const end = text.search(/[\r\n]/)
  return end === -1 ? text : text.slice(0, end).trim()
}
