import type { Impact, Priority } from '@tocsin/db'
import { DeskError } from '../activity/index.ts'
import { MOST_TAGS, normaliseTag } from '../tag/index.ts'
import type { TicketKind } from '../ticket/index.ts'
import type { ImportedState, Outcome } from './mapping.ts'
import type { Cells } from './columns.ts'
import { type Comment, commentsOf } from './comments.ts'
import { zoneOf } from './instant.ts'
import { textOfMarkup } from './markup.ts'
import { clean } from './clean.ts'
import type { Coded, CodeField, InstantField, Plan, TextField } from './plan.ts'

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
  const codeOf = (field: string, coded: Coded | undefined): unknown => {
    const word = coded?.read(cells) ?? null
    if (!coded || word === null) return null
    const code = coded.values.get(firstLine(word).toLowerCase()) ?? remaining(field, word)
    if (code === undefined) unknown.push({ field, value: clean(word).slice(0, LONGEST_NAME) })
    return code ?? null
  }
  const named = plan.zone?.(cells) ?? undefined
  const zone = named === undefined ? undefined : zoneOf(named)
  if (named !== undefined && zone === undefined)
    return { field: 'zone', value: named.slice(0, 100), message: 'is not the name of one time zone' }
  const instants = {} as RowFacts['instants']
  for (const [field, read] of plan.readInstants) {
    const text = read?.(cells) ?? null
    const instant = text === null ? null : plan.instant(firstLine(text), zone)
    if (instant === undefined || (instant !== null && (instant < FIRST_YEAR || instant > now + 86_400_000)))
      return {
        field,
        value: text!.slice(0, 100),
        message:
          instant === undefined ? 'is not a date of the forms given' : 'is not a date that can have been',
      }
    instants[field] = instant
  }
  const texts = {} as RowFacts['texts']
  for (const [field, read] of plan.readTexts) texts[field] = textOf(plan, field, read?.(cells) ?? null)
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
function textOf(plan: Plan, field: TextField, text: string | null): string | null {
  if (text === null) return null
  if (field === 'description')
    return clean(plan.mapping.html ? textOfMarkup(text) : text).slice(0, LONGEST.description) || null
  return clean(firstLine(text)).slice(0, LONGEST[field] ?? LONGEST_NAME)
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
