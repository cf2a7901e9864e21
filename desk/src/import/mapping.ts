import { z } from 'zod'
import { isZone } from '../calendar/index.ts'

const Column = z.string().trim().min(1).max(200)
const Columns = z.union([Column, z.array(Column).min(1).max(20)])

const One = z.union([
  Column,
  z.strictObject({
    join: z.array(Columns).min(1).max(10),
    with: z.string().max(10).default(' '),
    partly: z.boolean().default(false),
  }),
  z.strictObject({ value: z.string().max(200) }),
])
/**
 * Where a value comes from: a column, columns joined (while all of them say something, or `partly` those that do), or the same for every row; of
 * several, the first whose columns the file has.
 */
export const Source = z.union([One, z.array(One).min(1).max(20)])
export type Source = z.infer<typeof Source>

/** An instant, or how long after the opening it was: a column of numbers, and what they count. */
const Later = z.union([
  Source,
  z.strictObject({ after: Columns, unit: z.enum(['ms', 's', 'min', 'h', 'd']) }),
])
export type Later = z.infer<typeof Later>

/** A column whose words mean something here. Words that are not listed are told in the report and change nothing. */
const coded = <C extends z.ZodType>(code: C) =>
  z.strictObject({ from: Source, values: z.record(z.string().max(200), code) })

const Level = z.enum(['high', 'medium', 'low'])
const Outcome = coded(z.enum(['met', 'breached']))
const Reason = z.enum(['requester', 'vendor', 'change', 'other'])
export const ImportedState = z.strictObject({
  state: z.enum(['new', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled']),
  reason: Reason.optional(),
})

/** What the columns of another desk's export mean. Its words are found without regard to case. */
export const Mapping = z.strictObject({
  /** Names the other desk: (source, number) is imported once. */
  source: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,40}$/, 'lower-case letters, digits, - and _'),
  /** One row a ticket, or one an update; auto: updates where a number stands on several rows. */
  rows: z.enum(['auto', 'ticket', 'update']).default('auto'),
  /** Of updates: as they stand, the newest first, or by their instants; auto: what the file shows. */
  order: z.enum(['auto', 'file', 'newest-first', 'by-date']).default('auto'),
  /** Whether the first line names the columns; what was read otherwise does not fit. */
  header: z.boolean().optional(),
  missing: z.array(z.string().max(50)).max(20).default([]),
  /** Of times that do not say their own; `zone_from`: where a column names that of each row. */
  zone: z.string().refine(isZone, 'an IANA time zone, such as Europe/Rome').default('UTC'),
  zone_from: Source.optional(),
  /** Forms beside ISO 8601, or those that the file shows: where it leaves open which number is the day, as said here. */
  dates: z
    .union([z.enum(['auto', 'day-first', 'month-first']), z.array(z.string().min(3).max(40)).max(20)])
    .default([]),
  /** Whether descriptions and comments are HTML, of which the text is kept. */
  html: z.boolean().default(false),
  /** Whether they are written in Jira's wiki markup, which becomes Markdown. */
  wiki: z.boolean().default(false),

  /** `line`: the file numbers nothing, so a ticket is called by its line, after this prefix. */
  number: z.union([Columns, z.strictObject({ line: z.string().max(40) })]),
  at: Source.optional(),
  kind: coded(z.enum(['incident', 'request', 'problem', 'change'])).optional(),
  /** A word may be preceded by a kind, where it means something else of it: `change/3`. */
  state: coded(ImportedState).optional(),
  /** Why it waits, where another column than that of its state says so. */
  pending_reason: coded(Reason).optional(),
  title: Source,
  description: Source.optional(),
  impact: coded(Level).optional(),
  urgency: coded(Level).optional(),
  priority: coded(z.enum(['P1', 'P2', 'P3', 'P4', 'P5'])).optional(),
  service: Source.optional(),
  item: Source.optional(),
  category: Source.optional(),
  symptom: Source.optional(),
  location: Source.optional(),
  team: Source.optional(),
  assignee: Source.optional(),
  requester: Source.optional(),
  reporter: Source.optional(),
  /** Columns of words, separated by commas, semicolons, bars or lines. */
  tags: Columns.optional(),
  created_at: Source,
  acknowledged_at: Later.optional(),
  first_response_at: Later.optional(),
  resolved_at: Later.optional(),
  closed_at: Later.optional(),
  resolution_code: Source.optional(),
  reopen_count: Source.optional(),
  sla: z.strictObject({ response: Outcome.optional(), resolution: Outcome.optional() }).default({}),
  /** Columns of comments, each as text, as “date;author;text”, or with ServiceNow's entries one below the other. A name that stands on several columns means all of them. */
  comments: z
    .strictObject({ from: Columns, form: z.enum(['text', 'date;author;text', 'journal']).default('text') })
    .optional(),
  /** Kept beside the ticket as they are, by the name given here. */
  fields: z.record(z.string().regex(/^[a-z0-9_]{1,60}$/), Source).default({}),
  /** Whether names that mean nobody and nothing here are created; otherwise the ticket goes without. */
  create: z
    .strictObject({
      people: z.boolean().default(true),
      teams: z.boolean().default(true),
      services: z.boolean().default(true),
      items: z.boolean().default(true),
      categories: z.boolean().default(true),
    })
    .prefault({}),
})
export type ImportedState = z.infer<typeof ImportedState>
export type Mapping = z.infer<typeof Mapping>
export type Outcome = 'met' | 'breached'
