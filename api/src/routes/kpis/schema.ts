import { z } from '@hono/zod-openapi'
import { Instant } from '../../route.ts'
import { Kind, Priority } from '../tickets/schema.ts'

const BY = [
  'none',
  'day',
  'week',
  'month',
  'hour',
  'weekday',
  'hour_of_week',
  'priority',
  'team',
  'service',
  'kind',
  'channel',
  'source',
  'category',
  'symptom',
] as const
const moment = z.string().max(40).openapi({
  description: 'a local date such as 2026-11-22 or a month such as 2026-11 in `tz`, or an instant',
})

export const KpiQuery = z.object({
  from: moment.optional().openapi({ description: 'its beginning; 30 days before `to` unless given' }),
  to: moment.optional().openapi({ description: 'its end, not included; now unless given' }),
  by: z.enum(BY).optional().openapi({ description: 'how the series is divided; see the list of figures' }),
  tz: z
    .string()
    .max(60)
    .optional()
    .openapi({ description: 'whose days these are; the reporting zone unless given' }),
  team: z.string().min(1).max(120).optional().openapi({ description: 'id or name' }),
  service: z.string().min(1).max(120).optional().openapi({ description: 'id or key' }),
  priority: Priority.optional(),
  kind: Kind.optional(),
  channel: z.string().max(20).optional(),
  compare: z
    .enum(['previous'])
    .optional()
    .openapi({ description: 'also the period of the same kind before' }),
  format: z.enum(['json', 'csv']).default('json'),
})
export type KpiQuery = z.infer<typeof KpiQuery>

const Unit = z.enum(['tickets', 'pages', 'ms', 'percent'])
const Figure = z.object({ n: z.number(), value: z.number().nullable() })
const beside = z.union([z.number(), z.string(), z.null()])

const Told = z.object({ en: z.string(), fr: z.string(), it: z.string() })
export const KpiDefinition = z
  .object({
    name: z.string(),
    title: z.string(),
    definition: z.string().openapi({ description: 'in the language asked for, else the reader’s' }),
    unit: Unit,
    by: z.array(z.enum(BY)),
    filters: z.array(z.string()),
  })
  .openapi('KpiDefinition')

/** As analytics tells them: in every language. */
export const Definitions = z.object({ items: z.array(KpiDefinition.extend({ definition: Told })) })
export const DefinitionQuery = z.object({ lang: Told.keyof().optional() })

export const Point = Figure.extend({
  key: z.string(),
  /** The name of the team, service or category that the key stands for. */
  label: z.string().nullable(),
  at: Instant.nullable(),
  /** The query of `GET /tickets` that shows what is behind this point. */
  filter: z.record(z.string(), z.string()).nullable(),
}).catchall(z.union([beside, z.record(z.string(), z.string())]))
export type Point = z.infer<typeof Point>

export const Kpi = Figure.extend({
  name: z.string(),
  unit: Unit,
  from: Instant,
  to: Instant,
  by: z.enum(BY),
  tz: z.string(),
  /** Up to when the figures hold what the record holds. */
  as_of: Instant,
  /** When they were last found equal to the record. */
  reconciled_at: Instant.nullable(),
  /** Filters given that this figure has no column for. */
  ignored: z.array(z.string()),
  previous: Figure.extend({ from: Instant, to: Instant }).catchall(beside).nullable(),
  series: z.array(Point),
})
  .catchall(z.unknown())
  .openapi('Kpi')
export type Kpi = z.infer<typeof Kpi>

export const Reconciliation = z
  .object({
    as_of: Instant.nullable(),
    reconciled_at: Instant.nullable(),
    last: z
      .object({
        at: Instant,
        checks: z.number(),
        took_ms: z.number(),
        differences: z.array(
          z.object({
            what: z.string(),
            key: z.string(),
            clickhouse: z.unknown().optional(),
            postgres: z.unknown().optional(),
          }),
        ),
      })
      .nullish(),
  })
  .openapi('Reconciliation')

export const NameParams = z.object({
  name: z.string().regex(/^[a-z_]{1,40}$/, 'a name from the list of figures'),
})
