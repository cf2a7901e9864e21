import { sql } from 'kysely'
import { z } from 'zod'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { type Expression, expressions, WrongExpression } from '../expression/index.ts'

/** What a mapping says of an event, each by an expression. */
const MAPPED_FIELDS = [
  'kind',
  'status',
  'severity',
  'title',
  'dedup_key',
  'resource',
  'service',
  'host',
  'starts_at',
  'ends_at',
  'link',
  'labels',
  'description',
] as const
export type MappedField = (typeof MAPPED_FIELDS)[number]

const expression = z.string().max(2_000).default('')
const words = <T extends z.ZodType>(ours: T) =>
  z
    .record(z.string().min(1).max(100), ours)
    .refine((given) => Object.keys(given).length <= 100, { message: 'at most 100 words' })
    .default({})

/** How an unforeseen body is read: CEL over `body`, `headers` and `item`, the element at hand. */
export const Mapping = z.strictObject({
  /** What gives the list of elements; empty: the body itself, or what it lists. */
  elements: expression,
  fields: z.strictObject(
    Object.fromEntries(MAPPED_FIELDS.map((field) => [field, expression])) as Record<
      MappedField,
      typeof expression
    >,
  ),
  /** The sender's words, whatever their case, in ours. */
  severities: words(z.enum(['critical', 'error', 'warning', 'info', 'ok'])),
  statuses: words(z.enum(['firing', 'acknowledged', 'resolved'])),
})
export type Mapping = z.infer<typeof Mapping>

export interface CompiledMapping extends Pick<Mapping, 'severities' | 'statuses'> {
  /** null: the body itself. */
  elements: Expression | null
  fields: [MappedField, Expression][]
}

export interface WrongField {
  /** `elements`, `fields.title`, … */
  path: string
  message: string
}

const compile = expressions({ body: 'dyn', headers: 'map<string, string>', item: 'dyn' })

/** The expressions that can be used, and what is wrong with the others. */
export function compileMapping(mapping: Mapping): { compiled: CompiledMapping; errors: WrongField[] } {
  const errors: WrongField[] = []
  const compiled = (path: string, source: string): Expression | null => {
    if (source.trim() === '') return null
    try {
      return compile(source)
    } catch (error) {
      if (!(error instanceof WrongExpression)) throw error
      errors.push({ path, message: error.message })
      return null
    }
  }
  const elements = compiled('elements', mapping.elements)
  const fields = MAPPED_FIELDS.flatMap((field): [MappedField, Expression][] => {
    const run = compiled(`fields.${field}`, mapping.fields[field])
    return run ? [[field, run]] : []
  })
  const { severities, statuses } = mapping
  return { compiled: { elements, fields, severities, statuses }, errors }
}

/** The mapping as an integration's settings hold it, and its version; 0 where there is none yet. */
export function mappingOf(held: unknown): { version: number; mapping: Mapping | null } {
  const read = Versioned.safeParse(held)
  if (!read.success) return { version: 0, mapping: null }
  const { version, ...mapping } = read.data
  return { version, mapping }
}
const Versioned = Mapping.extend({ version: z.int().min(1) })

/**
 * Saves how this integration's bodies are read from now on, as the next version. Throws `invalid` naming the
 * expressions that cannot be used, `stale` where there is a newer version than the one seen.
 */
export async function setMapping(
  tx: Tx,
  integrationId: string,
  { mapping, seenVersion }: { mapping: Mapping; seenVersion: number },
): Promise<{ version: number }> {
  const { errors } = compileMapping(mapping)
  if (mapping.fields.title.trim() === '' && mapping.fields.dedup_key.trim() === '')
    errors.push({
      path: 'fields.title',
      message: 'A title or a key is needed: without both, nothing is read.',
    })
  if (errors.length > 0) throw new DeskError('invalid', 'This mapping cannot be used.', { errors })
  const { rows } = await sql<{ system: string; settings: Record<string, unknown> }>`
    select system, settings from integration where id = ${integrationId} and archived_at is null for update`.execute(
    tx.db,
  )
  const { system, settings } = found(rows[0], 'integration')
  if (system !== 'webhook')
    throw new DeskError('conflict', 'Only the bodies of a generic webhook are read by a mapping.')
  const before = mappingOf(settings.mapping)
  if (before.version !== seenVersion)
    throw new DeskError('stale', 'Somebody saved another mapping meanwhile. Look at it before you save.', {
      current: before,
    })
  const version = before.version + 1
  await sql`
    update integration set revision = revision + 1,
      settings = jsonb_set(settings, '{mapping}', ${JSON.stringify({ version, ...mapping })}::jsonb)
    where id = ${integrationId}`.execute(tx.db)
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'integration', id: integrationId },
      before: { mapping_version: before.version, mapping: before.mapping },
      after: { mapping_version: version, mapping },
      visibility: 'audit',
    },
  ])
  return { version }
}
