/** What a piece of a pattern matches, and which part of the wall time it gives. */
const PIECES: Record<string, { match: string; part: Part }> = {
  yyyy: { match: String.raw`\d{4}`, part: 'year' },
  yy: { match: String.raw`\d{2}`, part: 'shortYear' },
  MMMM: { match: String.raw`\p{L}{3,10}`, part: 'monthName' },
  MMM: { match: String.raw`\p{L}{3,10}\.?`, part: 'monthName' },
  MM: { match: String.raw`\d{2}`, part: 'month' },
  M: { match: String.raw`\d{1,2}`, part: 'month' },
  dd: { match: String.raw`\d{2}`, part: 'day' },
  d: { match: String.raw`\d{1,2}`, part: 'day' },
  HH: { match: String.raw`\d{2}`, part: 'hour' },
  H: { match: String.raw`\d{1,2}`, part: 'hour' },
  hh: { match: String.raw`\d{2}`, part: 'hour12' },
  h: { match: String.raw`\d{1,2}`, part: 'hour12' },
  mm: { match: String.raw`\d{2}`, part: 'minute' },
  ss: { match: String.raw`\d{2}`, part: 'second' },
  SSS: { match: String.raw`\d{3}`, part: 'millisecond' },
  EEE: { match: String.raw`\p{L}{2,10}\.?`, part: 'weekday' },
  a: { match: '[AaPp]\\.? ?[Mm]\\.?', part: 'half' },
}
const PIECE = new RegExp(Object.keys(PIECES).join('|'), 'g')
type Part =
  | 'year'
  | 'shortYear'
  | 'monthName'
  | 'month'
  | 'day'
  | 'hour'
  | 'hour12'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'weekday'
  | 'half'

/** Their first letters in English, French, Italian, German, Spanish and Portuguese, without accents. */
const MONTHS = [
  /^(?:jan|gen|ene)/,
  /^fe[bv]/,
  /^mar/,
  /^a[pvb]r/,
  /^ma[iyg]/,
  /^(?:jun|juin|giu)/,
  /^(?:jul|juil|lug)/,
  /^(?:aug|aou|ago)/,
  /^se[pt]/,
  /^o[ctku]t/,
  /^nov/,
  /^d[ei][cz]/,
]
const monthOf = (word: string) => {
  const plain = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return MONTHS.findIndex((form) => form.test(plain))
}

/** A number of seconds is below it until the year 5138, one of milliseconds above it since 1973. */
const SECONDS = 1e11
const EXCEL_EPOCH = Date.UTC(1899, 11, 30)
/** Forms that are a number: of seconds or milliseconds since 1970, which are of UTC, or of a spreadsheet's days. */
const COUNTED: Record<string, ((count: number) => number | undefined) | undefined> = {
  unix: (seconds) => (seconds < SECONDS ? Math.round(seconds * 1000) : undefined),
  unix_ms: (ms) => (ms < SECONDS ? undefined : Math.round(ms)),
  excel: (days) => EXCEL_EPOCH + Math.round(days * 86_400) * 1000,
}
export const ofUtc = (pattern: string) => pattern === 'unix' || pattern === 'unix_ms'

/** Reads a wall time as milliseconds, as if its zone were UTC; undefined where the text is not of this form. */
export type ReadWall = (text: string) => number | undefined

/**
 * A reader of wall times of one form: `d/M/yyyy HH:mm`, `dd/MMM/yy h:mm a`, and so on by the pieces above. Throws
 * RangeError for a pattern that does not name a day.
 */
export function compilePattern(pattern: string): ReadWall {
  const counted = COUNTED[pattern]
  if (counted)
    return (text) => (/^\d+(?:[.,]\d+)?$/.test(text) ? counted(Number(text.replace(',', '.'))) : undefined)
  const parts: Part[] = []
  const source = pattern
    .split(/('[^']*')/)
    .map((text) =>
      text.startsWith("'")
        ? escape(text.slice(1, -1))
        : escape(text).replace(PIECE, (piece) => {
            parts.push(PIECES[piece]!.part)
            return `(${PIECES[piece]!.match})`
          }),
    )
    .join('')
  const held = new Set(parts)
  if (!held.has('day') || !(held.has('month') || held.has('monthName')) || held.size !== parts.length)
    throw new RangeError(`“${pattern}” does not say year, month and day once each`)
  const form = new RegExp(`^${source}$`, 'u')
  return (text) => {
    const match = form.exec(text)
    if (!match) return undefined
    const given = new Map(parts.map((part, position) => [part, match[position + 1]!]))
    return wallOf(given)
  }
}

function wallOf(given: Map<Part, string>): number | undefined {
  const number = (part: Part, otherwise = 0) => (given.has(part) ? Number(given.get(part)) : otherwise)
  const year = given.has('year') ? number('year') : 2000 + number('shortYear')
  const month = given.has('monthName') ? monthOf(given.get('monthName')!) : number('month') - 1
  const [day, hour, minute, second] = [number('day'), hourOf(given), number('minute'), number('second')]
  if (month < 0 || month > 11 || hour > 23 || minute > 59 || second > 59) return undefined
  const wall = new Date(Date.UTC(year, month, day, hour, minute, second, number('millisecond')))
  // 31 April would have become 1 May.
  return wall.getUTCMonth() === month && wall.getUTCDate() === day ? wall.getTime() : undefined
}

function hourOf(given: Map<Part, string>): number {
  if (given.has('hour')) return Number(given.get('hour'))
  const hour = Number(given.get('hour12') ?? 0)
  if (given.has('hour12') && (hour < 1 || hour > 12)) return 99
  return (hour % 12) + (given.get('half')?.toLowerCase().startsWith('p') ? 12 : 0)
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
