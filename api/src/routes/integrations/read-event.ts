import { z } from '@hono/zod-openapi'
import { SEVERITIES } from '../alerts/schema.ts'

const text = z.string().nullable()

/** What was read out of one element of a body. */
export const ReadEvent = z.object({
  kind: z.string(),
  severity: z.enum(SEVERITIES),
  severity_raw: text,
  title: text,
  dedup_key: z.string(),
  resource: text,
  service: text,
  host: text,
  starts_at: text,
  ends_at: text,
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  link: text,
  group_key: text,
  /** What was changed to fit. */
  flags: z.array(z.string()),
})
