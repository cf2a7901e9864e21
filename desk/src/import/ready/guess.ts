import { Mapping } from '../mapping.ts'
import { byContent } from './content.ts'
import { HEADERS, plainName, withoutSurroundings } from './headers.ts'
import { lastedColumns } from './lasted.ts'
import { isNumber, MISSING, type Shown, wordsAt } from './shown.ts'
import { KINDS, LEVELS, OUTCOMES, OVERDUE, PRIORITIES, REASONS, STATES } from './words.ts'

/** What a coded field's words mean, whatever the desk. */
const VALUES: Record<string, Record<string, unknown>> = {
  kind: KINDS,
  state: STATES,
  pending_reason: REASONS,
  impact: LEVELS,
  urgency: LEVELS,
  priority: PRIORITIES,
  'sla.response': OUTCOMES,
  'sla.resolution': OUTCOMES,
}
const INSTANTS = new Set([
  'at',
  'created_at',
  'acknowledged_at',
  'first_response_at',
  'resolved_at',
  'closed_at',
])
/** Though of a form that is not known: the dry run hands it back and says so. */
const LIKE_A_DATE = /\d.*[-/. ].*[-/. ].*\d/
const MOST = 0.5
/** A number in such a column counts something. */
const TEXTS = new Set(['title', 'description', 'comments'])
/** Columns whose “yes” says that a promise was broken. */
const BROKEN = /^(?:.* )?(?:overdue|breached|violated|missed|passed)(?: status)?$/

/**
 * A mapping by what the columns are called and, where that says nothing, by what stands in them; each column means one
 * thing, the first that its name stands for. Undefined where neither tells when tickets were opened.
 */
export function guessMapping(columns: string[], shown?: Shown): Mapping | undefined {
  const found = placesOf(columns, shown)
  if (shown) for (const [field, place] of byContent(columns, found, shown)) found.set(field, place)
  const name = (field: string) => {
    const place = found.get(field)
    return place === undefined ? undefined : columns[place]
  }
  // A log names no opening: its first row is it. Without any date all are of the day on which the file was read.
  const created =
    name('created_at') ??
    name('at') ??
    name('first_response_at') ??
    (shown && { value: shown.at.toISOString().slice(0, 10) })
  if (!created || !(name('created_at') ?? name('at') ?? name('title') ?? name('description')))
    return undefined
  const given: Record<string, unknown> = {
    source: shown ? sourceOf(shown.name, found.has('number')) : 'import',
    dates: 'auto',
    missing: MISSING,
    created_at: created,
    // Without a title the beginning of the description is one, else what it was about; without a number, the line.
    title: name('title') ?? name('description') ?? titleOf(name),
    number: name('number') ?? { line: 'line-' },
  }
  const sla: Record<string, unknown> = {}
  for (const [field, place] of found) {
    if (field in given || field === 'requester_email') continue
    const column = columns[place]!
    const values = field.startsWith('sla.') && BROKEN.test(plainName(column)) ? OVERDUE : VALUES[field]
    if (field.startsWith('sla.')) sla[field.slice(4)] = { from: column, values }
    else if (values) given[field] = { from: column, values }
    else if (field === 'zone') given.zone_from = column
    else if (field === 'comments') given.comments = { from: column }
    else given[field] = column
  }
  if (shown && name('created_at'))
    for (const [field, { place, unit }] of lastedColumns(columns.map(plainName), shown))
      if (!found.has(field)) given[field] = { after: columns[place], unit }
  const [requester, email] = [name('requester'), name('requester_email')]
  if (requester && email) given.requester = { join: [requester, email], with: ' ', partly: true }
  return Mapping.parse({ ...given, sla })
}

/** The place of the column that each field is read from, as far as their names say. */
function placesOf(columns: string[], shown: Shown | undefined): Map<string, number> {
  const exact = columns.map(plainName)
  const forms = [exact, exact.map(withoutSurroundings)]
  const taken = new Set<number>()
  const found = new Map<string, number>()
  for (const [field, names] of Object.entries(HEADERS)) {
    const places = forms.flatMap((form) =>
      names.map((name) => form.findIndex((one, place) => one === name && !taken.has(place))),
    )
    const fitting = [...new Set(places)].filter((place) => place >= 0 && fits(field, place, shown))
    const place = VALUES[field] && shown ? best(fitting, field, shown) : fitting[0]
    if (place === undefined) continue
    taken.add(place)
    found.set(field, place)
  }
  return found
}

/** Whether what stands in a column can be what its name says: “Acknowledged” may hold an instant, or yes and no. */
function fits(field: string, place: number, shown: Shown | undefined): boolean {
  if (!shown) return true
  const words = wordsAt(shown, place)
  // Most tickets have their own.
  if (field === 'number') return words.length >= shown.sample.length * MOST
  if (words.length === 0) return true
  if (INSTANTS.has(field))
    return shown.dates.some(({ column }) => column === place) || words.some((word) => LIKE_A_DATE.test(word))
  if (TEXTS.has(field)) return !words.every(isNumber)
  return field !== 'reopen_count' || words.every(isNumber)
}

/** Of several columns the one whose words are known best. */
function best(places: number[], field: string, shown: Shown): number | undefined {
  const known = (place: number) => {
    const words = wordsAt(shown, place)
    return words.filter((word) => word.toLowerCase() in VALUES[field]!).length / (words.length || 1)
  }
  return places.toSorted((a, b) => known(b) - known(a))[0]
}

/** Words of a file's name that tell of no desk. */
const GENERAL =
  /^(?:\d+|export\w*|tickets?|incidents?|issues?|requests?|cases?|report|list|all|data|history|log|table|from|of|the|jan\w*|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)$/

/** The desk, as the file is called: next month's is of the same; but lines mean nothing beyond their file. */
function sourceOf(file: string, numbered: boolean): string {
  const words = plainName(file.replace(/\.(?:csv|tsv|txt|gz)\b/gi, ''))
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== 'refused' && !(numbered && GENERAL.test(word)))
  return words.join('-').slice(0, 40) || 'import'
}

function titleOf(name: (field: string) => string | undefined): unknown {
  const about = ['kind', 'category', 'symptom', 'service', 'item'].flatMap((field) => name(field) ?? [])
  return about.length > 0
    ? [{ join: about, with: ' / ', partly: true }]
    : (name('number') ?? { value: 'Ticket' })
}
