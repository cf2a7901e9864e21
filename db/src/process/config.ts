import { resolve } from 'node:path'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)
const list = z.string().transform((value) => value.split(/[\s,]+/).filter((item) => item !== ''))
const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be a URL beginning with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  })

/**
 * Every environment variable there is, once. A process names those it reads in its own `config.ts`:
 * `readEnvironment({ PORT: variables.PORT, DATABASE_URL: variables.DATABASE_URL })`.
 */
export const variables = {
  /** Folder of the embedded stores and of generated secrets; nothing is written outside it. */
  TOCSIN_DATA: z
    .string()
    .default('.data')
    .transform((folder) => resolve(folder)),
  TOCSIN_HOST: z.string().default('127.0.0.1'),
  /** Pages and `/api`. */
  TOCSIN_PORT: port.default(3000),
  /** The machines' door. */
  TOCSIN_INGEST_PORT: port.default(3001),
  /** Mail for integrations, `<key>@…`, arrives here; absent: it does not. */
  TOCSIN_SMTP_IN_PORT: port.optional(),
  /** How people's browsers reach us; links in mails begin with it. */
  TOCSIN_PUBLIC_URL: url('http:', 'https:')
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  /** Addresses or CIDR ranges whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: list.default([]),
  /** Encrypts provider secrets and signs links. */
  TOCSIN_SECRET: z.string().min(32, 'must be at least 32 characters'),
  DATABASE_URL: url('postgres:', 'postgresql:'),
  DATABASE_OWNER_URL: url('postgres:', 'postgresql:').optional(),
  /** Absent: the embedded ClickHouse under TOCSIN_DATA. */
  CLICKHOUSE_URL: url('http:', 'https:').optional(),
  /** Absent: mail goes to the local mailbox, never out. */
  SMTP_URL: url('smtp:', 'smtps:').optional(),
  /** Addresses or CIDR ranges that outgoing webhooks may reach although they are not public. */
  TOCSIN_WEBHOOK_ALLOW: list.default([]),
  TOCSIN_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Where this process listens; given by the supervisor or the container. */
  HOST: z.string().default('127.0.0.1'),
  PORT: port,
  /** Where the processes find each other, and the token that says they are ours. */
  TOCSIN_API_URL: url('http:', 'https:'),
  TOCSIN_ANALYTICS_URL: url('http:', 'https:'),
  TOCSIN_INGEST_URL: url('http:', 'https:'),
  TOCSIN_INTERNAL_TOKEN: z.string().min(32, 'must be at least 32 characters'),
} as const

/**
 * Reads and checks the variables of `shape`; an empty value counts as absent.
 * Throws one error that names each variable that is missing or wrong, never its value.
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: Record<string, string | undefined> = process.env,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.keys(shape).map((name) => [name, env[name] || undefined]))
  const read = z.object(shape).safeParse(given)
  if (read.success) return read.data
  const wrong = read.error.issues.map((issue) => {
    const name = issue.path.join('.')
    return `  ${name}: ${given[name] === undefined ? 'is not set' : issue.message}`
  })
  throw new Error(`The environment cannot be used:\n${wrong.join('\n')}`)
}
