import { Mapping } from '../mapping.ts'
import { HEADERS, plainName } from './headers.ts'
import { KINDS, LEVELS, OUTCOMES, PRIORITIES, STATES } from './words.ts'

/** What a coded field's words mean, whatever the desk. */
const VALUES: Record<string, Record<string, unknown>> = {
  kind: KINDS,
  state: STATES,
  impact: LEVELS,
  urgency: LEVELS,
  priority: PRIORITIES,
  'sla.response': OUTCOMES,
  'sla.resolution': OUTCOMES,
}
const MISSING = [
  '?',
  '-',
  '--',
  'n/a',
  'na',
  'nan',
  'nat',
  'null',
  'none',
  'nil',
  '(empty)',
  '(vide)',
  '(vuoto)',
  '#n/a',
]

/**
 * A mapping by what the columns are called, for a file that no ready one fits; each column means one thing, the first
 * that its name stands for. Undefined where the opening is not among them.
 */
export function guessMapping(columns: string[]): Mapping | undefined {
  const plain = columns.map(plainName)
  const taken = new Set<number>()
  const found = new Map<string, string>()
  for (const [field, names] of Object.entries(HEADERS)) {
    const place = names.map((name) => plain.indexOf(name)).find((at) => at >= 0 && !taken.has(at))
    if (place === undefined) continue
    taken.add(place)
    found.set(field, columns[place]!)
  }
  const [title, created, number] = ['title', 'created_at', 'number'].map((field) => found.get(field))
  if (!created) return undefined
  const given: Record<string, unknown> = {
    source: 'import',
    dates: 'auto',
    missing: MISSING,
    // Without a title the beginning of the description is one, else what it was about; without a number, the line.
    title: title ?? found.get('description') ?? titleOf(found),
    number: number ?? { line: 'line-' },
  }
  const sla: Record<string, unknown> = {}
  for (const [field, column] of found) {
    if (field in given) continue
    const values = VALUES[field]
    if (field.startsWith('sla.')) sla[field.slice(4)] = { from: column, values }
    else if (values) given[field] = { from: column, values }
    else if (field === 'zone') given.zone_from = column
    else if (field === 'comments') given.comments = { from: column }
    else given[field] = column
  }
  return Mapping.parse({ ...given, sla })
}

function titleOf(found: ReadonlyMap<string, string>): unknown {
  const about = ['kind', 'category', 'symptom', 'service', 'item'].flatMap((field) => found.get(field) ?? [])
  return about.length > 0
    ? [{ join: about, with: ' / ', partly: true }]
    : (found.get('number') ?? { value: 'Ticket' })
}
