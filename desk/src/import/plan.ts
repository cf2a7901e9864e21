import { DeskError, type FieldError } from '../activity/index.ts'
import { instantOfWall } from '../calendar/index.ts'
import { compilePattern } from './date-pattern.ts'
import type { Mapping, Source } from './mapping.ts'

export type Cells = string[]
/** A value of a row; null where the cell is empty or says that nothing is known. */
type Read = (cells: Cells) => string | null

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
const CODES = ['kind', 'state', 'impact', 'urgency', 'priority'] as const
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
  /** The place of the ticket's number in a row. */
  number: number
  texts: Partial<Record<TextField, Read>>
  codes: Partial<Record<CodeField, Coded>>
  instants: Partial<Record<InstantField, Read>>
  outcomes: { response?: Coded; resolution?: Coded }
  comments: number[]
  fields: [string, Read][]
  /** Columns that nothing reads. */
  unused: string[]
  /** The instant that a text means; undefined where it is of none of the forms. */
  instant: (text: string) => number | undefined
}

export interface Coded {
  read: Read
  values: Map<string, unknown>
}

/** Throws `invalid` for columns that the file does not have and for date forms that cannot be. */
export function planImport(mapping: Mapping, header: string[]): Plan {
  const names = header.map((name) => name.trim().toLowerCase())
  const missing = new Set(['', ...mapping.missing.map((word) => word.toLowerCase())])
  const used = new Set<number>()
  const errors: FieldError[] = []

  const placeOf = (columns: string | string[]): number => {
    const place = [columns]
      .flat()
      .map((name) => names.indexOf(name.toLowerCase()))
      .find((found) => found >= 0)
    if (place !== undefined) used.add(place)
    return place ?? -1
  }
  const cell = (place: number): Read => {
    return (cells) => {
      const text = cells[place]!.trim()
      return missing.has(text.toLowerCase()) ? null : text
    }
  }
  /** Undefined where the file has none of the columns: only what a ticket cannot be without is then an error. */
  const readerOf = (source: Source | undefined): Read | undefined => {
    if (source === undefined) return undefined
    if (Array.isArray(source)) {
      for (const one of source) {
        const read = readerOf(one)
        if (read) return read
      }
      return undefined
    }
    if (typeof source === 'string') {
      const place = placeOf(source)
      return place < 0 ? undefined : cell(place)
    }
    if ('value' in source) return () => source.value
    const places = source.join.map(placeOf)
    if (places.includes(-1)) return undefined
    const parts = places.map(cell)
    return (cells) => {
      const texts = parts.map((read) => read(cells))
      const said = texts.filter((text) => text !== null)
      const enough = source.partly ? said.length > 0 : said.length === texts.length
      return enough ? said.join(source.with) : null
    }
  }
  const codedOf = (
    given: { from: Source; values: Record<string, unknown> } | undefined,
  ): Coded | undefined => {
    const read = readerOf(given?.from)
    if (!given || !read) return undefined
    return {
      read,
      values: new Map(Object.entries(given.values).map(([word, code]) => [word.trim().toLowerCase(), code])),
    }
  }

  const number = placeOf(mapping.number)
  if (number < 0) errors.push(absent('number', mapping.number))
  const texts = Object.fromEntries(TEXTS.map((field) => [field, readerOf(mapping[field])]))
  const instants = Object.fromEntries(INSTANTS.map((field) => [field, readerOf(mapping[field])]))
  const codes = Object.fromEntries(CODES.map((field) => [field, codedOf(mapping[field])]))
  for (const field of ['title', 'created_at'] as const)
    if (!(field === 'title' ? texts : instants)[field]) errors.push(absent(field, mapping[field]))
  if (mapping.rows === 'update' && !instants.at) errors.push(absent('at', mapping.at ?? 'at'))
  const fields = Object.entries(mapping.fields).flatMap(([name, source]): [string, Read][] => {
    const read = readerOf(source)
    return read ? [[name, read]] : []
  })
  const wanted = new Set([mapping.comments?.from ?? []].flat().map((name) => name.toLowerCase()))
  const comments = names.flatMap((name, place) => (wanted.has(name) ? [place] : []))
  for (const place of comments) used.add(place)
  const instant = instantReader(mapping, errors)
  if (errors.length > 0)
    throw new DeskError('invalid', 'The mapping does not fit the file.', { errors: errors.slice(0, 20) })
  return {
    mapping,
    number,
    texts,
    codes,
    instants,
    outcomes: { response: codedOf(mapping.sla.response), resolution: codedOf(mapping.sla.resolution) },
    comments,
    fields,
    unused: header.filter((_, place) => !used.has(place)),
    instant,
  }
}

const absent = (path: string, columns: unknown): FieldError => ({
  path,
  message: `the file has no column ${JSON.stringify(columns).slice(0, 200)}`,
})

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(?:([Zz])|([+-])(\d\d):?(\d\d))?$/
// The same instants stand on row after row.
const REMEMBERED = 20_000

/** Reads ISO 8601 and the mapping's own forms; a time without an offset is of the mapping's zone. */
function instantReader({ dates, zone }: Mapping, errors: FieldError[]): Plan['instant'] {
  const patterns = dates.flatMap((pattern, position) => {
    try {
      return [compilePattern(pattern)]
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error
      errors.push({ path: `dates.${position}`, message: error.message })
      return []
    }
  })
  const known = new Map<string, number | undefined>()
  const read = (text: string): number | undefined => {
    const iso = ISO.exec(text)
    if (iso) return isoInstant(iso, zone)
    for (const pattern of patterns) {
      const wall = pattern(text)
      if (wall !== undefined) return instantOfWall(zone, wall)
    }
    return undefined
  }
  return (text) => {
    if (known.has(text)) return known.get(text)
    if (known.size >= REMEMBERED) known.clear()
    const instant = read(text)
    known.set(text, instant)
    return instant
  }
}

function isoInstant(parts: RegExpExecArray, zone: string): number | undefined {
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0))
  const ms = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'))
  if (hour! > 23 || minute! > 59 || second! > 59) return undefined
  const wall = new Date(Date.UTC(year!, month! - 1, day, hour, minute, second, ms))
  if (wall.getUTCMonth() !== month! - 1 || wall.getUTCDate() !== day) return undefined
  if (parts[8]) return wall.getTime()
  if (!parts[9]) return instantOfWall(zone, wall.getTime())
  const offset = (Number(parts[10]) * 60 + Number(parts[11])) * 60_000
  return wall.getTime() - (parts[9] === '-' ? -offset : offset)
}
