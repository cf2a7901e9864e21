import type { Mapping } from '#lib/admin/integration.ts'

/** One word of the sender's and ours for it. */
export interface Word {
  theirs: string
  ours: string
}

/** A mapping as its form holds it: words in rows, so that one can be half written. */
export interface Draft {
  elements: string
  fields: Record<string, string>
  severities: Word[]
  statuses: Word[]
}

export const FIELDS = [
  'title',
  'dedup_key',
  'status',
  'severity',
  'service',
  'host',
  'resource',
  'description',
  'link',
  'starts_at',
  'ends_at',
  'labels',
  'kind',
]

const rowsOf = (words: Record<string, string>): Word[] =>
  Object.entries(words).map(([theirs, ours]) => ({ theirs, ours }))
const wordsOf = (rows: Word[]): Record<string, string> =>
  Object.fromEntries(
    rows.flatMap(({ theirs, ours }) => (theirs.trim() && ours ? [[theirs.trim(), ours]] : [])),
  )

export const draftOf = (mapping: Mapping | null): Draft => ({
  elements: mapping?.elements ?? '',
  fields: Object.fromEntries(FIELDS.map((field) => [field, mapping?.fields[field] ?? ''])),
  severities: rowsOf(mapping?.severities ?? {}),
  statuses: rowsOf(mapping?.statuses ?? {}),
})

export const mappingOf = ({ elements, fields, severities, statuses }: Draft): Mapping => ({
  elements,
  fields,
  severities: wordsOf(severities),
  statuses: wordsOf(statuses),
})
