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
    new_names: Counts.openapi({ description: 'people, teams, … that would be created' }),
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

export const Import = ImportLine.extend({
  columns: z.array(z.string()),
  sample: z.array(z.array(z.string())).openapi({ description: 'the first rows of the file' }),
  suggested: z.string().nullable().openapi({ description: 'the ready mapping that fits the columns' }),
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
