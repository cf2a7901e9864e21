import type { FieldError } from '../activity/index.ts'
import { instantOfWall, isZone } from '../calendar/index.ts'
import { compilePattern, offsetOf, ofUtc, plainTime, withoutOffset } from './file/index.ts'

/** The instant that a text means, in the zone given or the mapping's; undefined where it is of none of the forms. */
export type InstantReader = (text: string, zone?: Zone) => number | undefined
/** An IANA zone, or milliseconds from UTC. */
export type Zone = string | number

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?$/
// The same instants stand on row after row.
const REMEMBERED = 50_000

/** Reads ISO 8601 and these forms; a time without an offset is of the zone. Forms that cannot be are told to `errors`. */
export function instantReader(
  patterns: string[],
  { zone, explicit }: { zone: string; explicit: boolean },
  errors: FieldError[],
): InstantReader {
  const forms = patterns.flatMap((pattern, position) => {
    try {
      return [{ read: compilePattern(pattern), utc: ofUtc(pattern) }]
    } catch (error) {
      if (!explicit || !(error instanceof RangeError || error instanceof SyntaxError)) throw error
      errors.push({ path: `dates.${position}`, message: error.message })
      return []
    }
  })
  const read = (whole: string, of: Zone): number | undefined => {
    const iso = ISO.exec(whole)
    if (iso) return isoInstant(iso, of)
    // As it stands, for forms of one's own, then as it is said.
    for (const said of new Set([whole, plainTime(whole)])) {
      const { text, offset } = withoutOffset(said)
      for (const form of forms) {
        const wall = form.read(text)
        if (wall !== undefined) return form.utc ? wall : instantIn(offset ?? of, wall)
      }
    }
    return undefined
  }
  const known = new Map<string, number | undefined>()
  return (text, of) => {
    if (of !== undefined) return read(text, of)
    if (known.has(text)) return known.get(text)
    if (known.size >= REMEMBERED) known.clear()
    const instant = read(text, zone)
    known.set(text, instant)
    return instant
  }
}

/** The zone that a word of a column names; undefined where it names none, or may mean several. */
export const zoneOf = (word: string): Zone | undefined => (isZone(word) ? word : offsetOf(word))

const instantIn = (zone: Zone, wall: number) =>
  typeof zone === 'number' ? wall - zone : instantOfWall(zone, wall)

function isoInstant(parts: RegExpExecArray, zone: Zone): number | undefined {
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0))
  const ms = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'))
  if (hour! > 23 || minute! > 59 || second! > 59) return undefined
  const wall = new Date(Date.UTC(year!, month! - 1, day, hour, minute, second, ms))
  if (wall.getUTCMonth() !== month! - 1 || wall.getUTCDate() !== day) return undefined
  if (parts[8]) return wall.getTime()
  if (!parts[9]) return instantIn(zone, wall.getTime())
  const offset = (Number(parts[10]) * 60 + Number(parts[11] ?? 0)) * 60_000
  return wall.getTime() - (parts[9] === '-' ? -offset : offset)
}
