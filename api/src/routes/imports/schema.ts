import { z } from '@hono/zod-openapi'
import { ImportMapping } from '@tocsin/desk'
import { Id, Instant } from '../../route.ts'

const Counts = z.record(z.string(), z.number())
const Sample = z.object({
  external_id: z.string(),
  kind: z.string(),
  state: z.string(),
  priority: z.string(),
  title: z.string(),
  team: z.string().nullable(),
  requester: z.string().nullable(),
  created_at: z.string(),
  resolved_at: z.string().nullable(),
  changes: z.number(),
  description: z.string().optional(),
  service: z.string().nullable().optional(),
  category: z.string().nullable().optional(),
  assignee: z.string().nullable().optional(),
  tags: z.array(z.string()).optional(),
  story: z
    .array(z.object({ at: z.string(), verb: z.string(), state: z.string() }))
    .optional()
    .openapi({ description: 'what happened to it, its first moments' }),
})

const Report = z
  .object({
    tickets: z.number(),
    activities: z.number().openapi({ description: 'lines of the record that they bring' }),
    refused: z.number().openapi({ description: 'tickets of which a row cannot be read' }),
    already: z
      .number()
      .openapi({ description: 'tickets that an earlier import brought; they stay as they are' }),
    comments: z.number(),
    kinds: Counts,
    states: Counts,
    priorities: Counts,
    outcomes: Counts,
    first_created_at: z.string().nullable(),
    last_created_at: z.string().nullable(),
    unknown: z
      .array(z.object({ field: z.string(), value: z.string(), count: z.number() }))
      .openapi({ description: 'words that the mapping does not know: they change nothing' }),
    unused_columns: z.array(z.string()),
    dates: z.object({
      patterns: z.array(z.string()),
      question: z
        .object({ example: z.string(), taken: z.enum(['day', 'month']) })
        .nullable()
        .openapi({
          description:
            'a date of which nothing in the file says whether the day or the month comes first, and what was taken',
        }),
    }),
    new_names: Counts.openapi({ description: 'people, teams, … that would be created' }),
    matched_names: Counts.openapi({ description: 'names of people, teams, … that are here already' }),
    samples: z.array(Sample),
  })
  .partial()

export const ImportLine = z
  .object({
    id: Id,
    name: z.string(),
    state: z.enum(['mapping', 'checking', 'checked', 'running', 'done', 'cancelled']),
    rows: z.number(),
    items: z.number().openapi({ description: 'tickets that the rows tell of' }),
    done: z.number().openapi({ description: 'of them, what the check or the import has come to' }),
    author: z.object({ id: Id, name: z.string() }).nullable(),
    created_at: Instant,
    started_at: Instant.nullable(),
    ended_at: Instant.nullable(),
  })
  .openapi('ImportLine')

export const FileForm = z
  .object({
    encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']),
    delimiter: z.string(),
    header: z.boolean().openapi({ description: 'without one, columns are called Column 1, Column 2, …' }),
    dates: z
      .array(
        z.object({
          column: z.number().openapi({ description: 'its place, from 0' }),
          pattern: z
            .string()
            .openapi({ description: 'A and B stand for day and month where both may be either' }),
          example: z.string(),
          day: z.enum(['first', 'second', 'unknown']).optional(),
        }),
      )
      .openapi({ description: 'how the columns write their dates, beside ISO 8601' }),
  })
  .openapi('FileForm')

export const Import = ImportLine.extend({
  columns: z.array(z.string()),
  form: FileForm.openapi({ description: 'what the file showed when it was read' }),
  sample: z.array(z.array(z.string())).openapi({ description: 'the first rows of the file' }),
  suggested: z.string().nullable().openapi({ description: 'the ready mapping that fits the columns' }),
  guess: ImportMapping.nullable().openapi({
    description: 'a mapping to begin with: the ready one that fits, else one by the names of the columns',
  }),
  mapping: ImportMapping.nullable(),
  report: Report,
  refused_rows: z.number(),
}).openapi('Import')

export const Refused = z
  .object({
    line: z.number(),
    field: z.string(),
    value: z.string(),
    message: z.string(),
    cells: z.array(z.string()),
  })
  .openapi('RefusedRow')
