import { DeskError, type FieldError } from '../activity/index.ts'
import { accountColumns, type Accounts } from './accounts.ts'
import { Columns, type Read } from './columns.ts'
import { type DateForms, type FileForm, formsOf } from './file/index.ts'
import { type InstantReader, instantReader } from './instant.ts'
import { type Later, Mapping, type Source } from './mapping.ts'
import { REFUSED_BECAUSE, REFUSED_LINE } from './refused-columns.ts'

const TEXTS = [
  'title',
  'description',
  'service',
  'item',
  'category',
  'symptom',
  'location',
  'team',
  'assignee',
  'requester',
  'reporter',
  'resolution_code',
  'reopen_count',
] as const
const PEOPLE = new Set<TextField>(['assignee', 'requester', 'reporter'])
const CODES = ['kind', 'state', 'pending_reason', 'impact', 'urgency', 'priority'] as const
const INSTANTS = [
  'at',
  'created_at',
  'acknowledged_at',
  'first_response_at',
  'resolved_at',
  'closed_at',
] as const
export type TextField = (typeof TEXTS)[number]
export type CodeField = (typeof CODES)[number]
export type InstantField = (typeof INSTANTS)[number]

/** A mapping, resolved against the header of one file. */
export interface Plan {
  mapping: Mapping
  /** The place of the ticket's number in a row, or what stands before its line; `place`: where a row itself says it. */
  number: number | { line: string; place?: number }
  /** Every field, with what reads it where a column is mapped. */
  readTexts: [TextField, Read | undefined][]
  codes: Partial<Record<CodeField, Coded>>
  readInstants: [InstantField, Read | undefined][]
  /** Of the fields that say how long after the opening it was, what they count, in milliseconds. */
  after: ReadonlyMap<InstantField, number>
  /** The fields that a column is mapped to. */
  given: ReadonlySet<string>
  outcomes: { response?: Coded; resolution?: Coded }
  comments: number[]
  /** Columns of account ids, with those that name the same people; and what the ids of the file mean. */
  accountColumns: [number, number][]
  accounts: ReadonlyMap<string, string>
  tags: number[]
  zone: Read | undefined
  fields: [string, Read][]
  /** Columns that nothing reads. */
  unused: string[]
  dates: DateForms
  instant: InstantReader
}

export interface Coded {
  read: Read
  /** The same, though it be a word for nothing. */
  whole: Read
  values: Map<string, unknown>
}

/** Throws `invalid` for columns that the file does not have and for date forms that cannot be. */
export function planImport(
  mapping: Mapping,
  header: string[],
  form: Pick<FileForm, 'dates'> & Partial<Pick<FileForm, 'header'>>,
  accounts: Accounts = {},
): Plan {
  const columns = new Columns(header, mapping.missing)
  const all = new Columns(header, [])
  const errors: FieldError[] = []
  const codedOf = (
    given: { from: Source; values: Record<string, unknown> } | undefined,
  ): Coded | undefined => {
    const read = columns.reader(given?.from)
    const whole = all.reader(given?.from)
    if (!given || !read || !whole) return undefined
    return {
      read,
      whole,
      values: new Map(Object.entries(given.values).map(([word, code]) => [word.trim().toLowerCase(), code])),
    }
  }

  if (mapping.header !== undefined && form.header !== undefined && mapping.header !== form.header)
    errors.push({
      path: 'header',
      message: form.header
        ? 'the first line was taken for the names of the columns: upload the file again with header=none'
        : 'the first line was taken for a row: upload the file again with header=first-line',
    })
  const number = numberOf(mapping.number, columns)
  if (number === undefined) errors.push(absent('number', mapping.number))
  const people = new Set<number>()
  const readTexts = TEXTS.map((field): Plan['readTexts'][number] => [
    field,
    columns.reader(mapping[field], PEOPLE.has(field) ? people : undefined),
  ])
  const codes = Object.fromEntries(CODES.map((field) => [field, codedOf(mapping[field])]))
  const dated = new Set<number>()
  const after = new Map<InstantField, number>()
  const readInstants = INSTANTS.map((field): Plan['readInstants'][number] => {
    const given = mapping[field]
    if (!isAfter(given)) return [field, columns.reader(given, dated)]
    after.set(field, UNITS[given.unit])
    return [field, columns.reader([given.after].flat())]
  })
  const given = new Set<string>(
    [...readTexts, ...readInstants].flatMap(([field, read]) => (read ? [field] : [])),
  )
  const dates = datesOf(mapping, form, dated)
  for (const field of ['title', 'created_at'] as const)
    if (!given.has(field)) errors.push(absent(field, mapping[field]))
  if (mapping.rows === 'update' && !given.has('at')) errors.push(absent('at', mapping.at ?? 'at'))
  const fields = Object.entries(mapping.fields).flatMap(([name, source]): [string, Read][] => {
    const read = columns.reader(source)
    return read ? [[name, read]] : []
  })
  const explicit = Array.isArray(mapping.dates)
  const instant = instantReader(dates.patterns, { zone: mapping.zone, explicit }, errors)
  if (errors.length > 0)
    throw new DeskError('invalid', 'The mapping does not fit the file.', { errors: errors.slice(0, 20) })
  return {
    mapping,
    number: number!,
    readTexts,
    codes,
    readInstants,
    after,
    given,
    outcomes: { response: codedOf(mapping.sla.response), resolution: codedOf(mapping.sla.resolution) },
    comments: columns.everywhere(mapping.comments?.from),
    accountColumns: accountColumns(header, people),
    accounts: new Map(Object.entries(accounts)),
    tags: columns.everywhere(mapping.tags),
    zone: columns.reader(mapping.zone_from),
    fields,
    unused: columns.unused(header).filter((name) => name !== REFUSED_BECAUSE),
    dates,
    instant,
  }
}

const UNITS = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 }
const isAfter = (given: Later | undefined): given is Extract<Later, { after: unknown }> =>
  typeof given === 'object' && !Array.isArray(given) && 'after' in given

const absent = (path: string, columns: unknown): FieldError => ({
  path,
  message: `the file has no column ${JSON.stringify(columns).slice(0, 200)}`,
})

function numberOf(number: Mapping['number'], columns: Columns): Plan['number'] | undefined {
  // What was handed back is still called by the line on which it stood first.
  if (typeof number === 'object' && 'line' in number)
    return { ...number, place: columns.places(REFUSED_LINE)[0] }
  return columns.places(number)[0]
}

function datesOf({ dates }: Mapping, form: Pick<FileForm, 'dates'>, used: ReadonlySet<number>): DateForms {
  if (Array.isArray(dates)) return { patterns: dates, question: null }
  return formsOf(form.dates, used, dates === 'auto' ? undefined : dates === 'day-first' ? 'day' : 'month')
}

const MOST_PLANS = 4
const plans = new Map<string, Plan>()

/** The plan of an import that is under way: made once a process, and with it what it remembers of dates. */
export function plannedOnce(given: {
  id: string
  columns: string[]
  form: FileForm
  mapping: unknown
  accounts: Accounts
}): Plan {
  const key = `${given.id} ${JSON.stringify(given.mapping)}`
  const plan =
    plans.get(key) ?? planImport(Mapping.parse(given.mapping), given.columns, given.form, given.accounts)
  plans.delete(key)
  plans.set(key, plan)
  for (const old of [...plans.keys()].slice(0, -MOST_PLANS)) plans.delete(old)
  return plan
}
