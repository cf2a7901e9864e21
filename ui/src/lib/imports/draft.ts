import { CODED, type CodedField, isCoded } from './fields.ts'
import type { Coded, FileForm, Mapping, Source } from './types.ts'

/** A source that is no single column, such as two columns joined: kept as it is until another is chosen. */
export const KEPT = '\u0000kept'
/** Instead of a column of numbers: the line of the file. */
export const LINE = '\u0000line'
const LINE_PREFIX = 'line-'
/** Instead of a column of openings: one date for all. */
export const ONE_DATE = '\u0000date'

/** A mapping while it is edited: a column for each field, and what the words of coded columns mean. */
export interface MappingDraft {
  source: string
  rows: Mapping['rows']
  zone: string
  /** What the file shows, an order of day and month for what it leaves open, or forms of one's own. */
  dateMode: 'auto' | 'day-first' | 'month-first' | 'own'
  dates: string
  missing: string
  /** By field: a column of the file, KEPT, or empty. */
  columns: Record<string, string>
  kept: Record<string, Source>
  /** Before the line of a ticket that has no number. */
  prefix: string
  /** Of all tickets, where no column says when they were opened. */
  date: string
  /** By coded field and word in lower case. */
  words: Record<CodedField, Record<string, string>>
  /** What the form does not edit. */
  rest: Record<string, unknown>
}

const OWN = new Set([
  'source',
  'rows',
  'order',
  'zone',
  'dates',
  'html',
  'wiki',
  'header',
  'missing',
  'number',
  'sla',
  'comments',
  'fields',
  'create',
])

/** The mapping as the form shows it, over the columns that this file has. */
export function draftOf(mapping: Mapping, columns: readonly string[]): MappingDraft {
  const named = new Map(columns.map((column) => [column.trim().toLowerCase(), column]))
  const draft: MappingDraft = {
    source: mapping.source,
    rows: mapping.rows,
    zone: mapping.zone,
    dateMode: Array.isArray(mapping.dates) ? 'own' : mapping.dates,
    dates: Array.isArray(mapping.dates) ? mapping.dates.join('\n') : '',
    missing: mapping.missing.join(', '),
    columns: {},
    kept: {},
    prefix: LINE_PREFIX,
    date: '',
    words: Object.fromEntries(CODED.map((name) => [name, {}])) as MappingDraft['words'],
    rest: {
      fields: presentFields(mapping.fields, named),
      create: mapping.create,
      html: mapping.html,
      wiki: mapping.wiki,
      header: mapping.header,
      order: mapping.order,
    },
  }
  const take = (name: string, source: Source | undefined) => {
    const found = resolve(source, named)
    if (found === undefined) return
    if (name === 'created_at' && typeof found === 'object' && 'value' in found) {
      draft.columns[name] = ONE_DATE
      draft.date = found.value.slice(0, 10)
      return
    }
    draft.columns[name] = typeof found === 'string' ? found : KEPT
    if (typeof found !== 'string') draft.kept[name] = found
  }
  const takeAll = (name: string, columns: Source) => {
    const found = [columns]
      .flat()
      .flatMap((one) => (typeof one === 'string' ? (named.get(one.toLowerCase()) ?? []) : []))
    take(name, found.length === 1 ? found[0] : undefined)
    if (found.length > 1) {
      draft.columns[name] = KEPT
      draft.kept[name] = found
    }
  }
  const sla = (mapping.sla ?? {}) as Record<string, Coded | undefined>
  const given: Record<string, unknown> = {
    ...mapping,
    'sla.response': sla.response,
    'sla.resolution': sla.resolution,
  }
  for (const [name, value] of Object.entries(given)) {
    if (OWN.has(name) || value === undefined) continue
    if (name === 'tags') takeAll(name, value as Source)
    else if (!isCoded(name)) take(name, value as Source)
    else {
      take(name, (value as Coded).from)
      draft.words[name] = wordsOf((value as Coded).values)
    }
  }
  const number = mapping.number as Source | { line: string } | undefined
  if (typeof number === 'object' && 'line' in number) {
    draft.columns.number = LINE
    draft.prefix = number.line
  } else take('number', number)
  const comments = mapping.comments as { from: Source; form: string } | undefined
  if (comments) {
    // All of them are read, not the first that is there.
    takeAll('comments', comments.from)
    draft.rest.form = comments.form
  }
  return draft
}

/** What the API takes. */
export function mappingOf(draft: MappingDraft): Record<string, unknown> {
  const { form, ...rest } = draft.rest
  const mapping: Record<string, unknown> = {
    ...rest,
    source: draft.source.trim(),
    rows: draft.rows,
    zone: draft.zone.trim(),
    dates: draft.dateMode === 'own' ? lines(draft.dates, '\n') : draft.dateMode,
    missing: lines(draft.missing, ','),
  }
  const sla: Record<string, unknown> = {}
  for (const [name, column] of Object.entries(draft.columns)) {
    if (!column) continue
    const from = sourceOf(draft, name, column)
    if (name === 'comments') mapping.comments = { from, form: form ?? 'text' }
    else if (!isCoded(name)) mapping[name] = from
    else {
      const coded = { from, values: codesOf(name, draft.words[name]) }
      if (name.startsWith('sla.')) sla[name.slice(4)] = coded
      else mapping[name] = coded
    }
  }
  return { ...mapping, sla }
}

function sourceOf(draft: MappingDraft, name: string, column: string): unknown {
  if (column === KEPT) return draft.kept[name]
  if (column === LINE) return { line: draft.prefix }
  return column === ONE_DATE ? { value: draft.date } : column
}

/** An empty mapping for a file that no ready one fits. */
export const emptyMapping = (): Mapping => ({
  source: 'import',
  rows: 'auto',
  zone: 'UTC',
  dates: 'auto',
  missing: [],
})

/**
 * A date of the columns mapped to instants of which nothing in the file says whether the day or the month comes first;
 * undefined where there is none, or a column beside it shows the order.
 */
export function openQuestion(
  draft: MappingDraft,
  form: FileForm,
  columns: readonly string[],
): string | undefined {
  const mapped = new Set(INSTANTS.map((name) => draft.columns[name]).filter(Boolean))
  const used = form.dates.filter(({ column }) => mapped.has(columns[column]))
  const shown = new Set(used.map(({ day }) => day).filter((day) => day === 'first' || day === 'second'))
  return shown.size === 1 ? undefined : used.find(({ day }) => day === 'unknown')?.example
}
const INSTANTS = ['created_at', 'at', 'acknowledged_at', 'first_response_at', 'resolved_at', 'closed_at']

function resolve(source: Source | undefined, named: ReadonlyMap<string, string>): Source | undefined {
  if (source === undefined) return undefined
  if (Array.isArray(source)) {
    for (const one of source) {
      const found = resolve(one, named)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (typeof source === 'string') return named.get(source.toLowerCase())
  if ('value' in source) return source
  if ('after' in source) {
    const found = resolve([source.after].flat(), named)
    return typeof found === 'string' ? { ...source, after: found } : undefined
  }
  const parts = source.join.map((columns) => resolve(columns, named))
  return parts.includes(undefined) ? undefined : { ...source, join: parts as string[] }
}

const presentFields = (fields: unknown, named: ReadonlyMap<string, string>) =>
  Object.fromEntries(
    Object.entries((fields ?? {}) as Record<string, Source>).flatMap(([name, source]) => {
      const found = resolve(source, named)
      return found === undefined ? [] : [[name, found]]
    }),
  )

const wordsOf = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([word, code]) => [word.toLowerCase(), textOf(code)]))

function textOf(code: unknown): string {
  if (typeof code === 'string') return code
  const { state, reason } = code as { state: string; reason?: string }
  return state === 'pending' ? `pending:${reason ?? 'other'}` : state
}

const codesOf = (name: CodedField, words: Record<string, string>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(words)
      .filter(([, code]) => code !== '')
      .map(([word, code]) => [word, name === 'state' ? stateOf(code) : code]),
  )

function stateOf(code: string) {
  const [state, reason] = code.split(':')
  return { state, ...(reason && { reason }) }
}

const lines = (text: string, between: string): string[] =>
  text
    .split(between)
    .map((one) => one.trim())
    .filter(Boolean)
