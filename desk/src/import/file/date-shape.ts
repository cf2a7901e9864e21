/**
 * How a text writes an instant, as a pattern; where the order of day and month cannot be seen, A and B stand for the
 * two numbers. Undefined for what is no instant, and for ISO 8601, which needs no pattern.
 */
export interface DateShape {
  pattern: string
  numbers?: [number, number]
}

const NUMERIC = /^(\d{1,4})([-/. ])(\d{1,2})\2(\d{4}|\d{1,2})(?!\d)/
const NAMED = /^(\d{1,2})(\. |[-/. ])(\p{L}{3,10}\.?)(, |[-/. ])(\d{4}|\d{2})(?!\d)/u
const MONTH_FIRST = /^(\p{L}{3,10}\.?) (\d{1,2})(,? )(\d{4})(?!\d)/u
const WEEKDAY = /^(\p{L}{2,10}\.?)(,? )(?=\d|\p{L}{3,10}\.? \d)/u
/** Italians also put full stops between hours, minutes and seconds. */
const TIME = /^\d{1,2}([:.])\d{2}(\1\d{2})?(?:([.,])\d{3})?( ?[AaPp]\.? ?[Mm]\.?)?$/
/** As it is said: “1er février”, “15h04”, “15:04 Uhr”, “17th March”, “GMT+0100 (Central European Standard Time)”, and with the narrow spaces of some desks. */
export const plainTime = (text: string): string =>
  text
    .replace(/[\u00A0\u2009\u202F]/g, ' ')
    .replace(/\b1er\b/i, '1')
    .replace(/\b(\d{1,2})(?:st|nd|rd|th)\b/i, '$1')
    .replace(/\b(\d{1,2}) ?h ?(\d{2})\b/i, '$1:$2')
    .replace(/ Uhr$/i, '')
    .replace(/(?<=[+-]\d{2}:?\d{2}) \([^()]{1,40}\)$/, '')

/** As C programs write it: “Fri Jan 12 15:45:00 2024”. */
const CTIME = /^\p{L}{3} \p{L}{3} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4}$/u
const LONGEST = 80

export function shapeOf(whole: string): DateShape | undefined {
  if (whole.length > LONGEST || whole.length < 4 || !/\d/.test(whole)) return undefined
  const text = withoutOffset(plainTime(whole)).text
  if (CTIME.test(text)) return { pattern: `EEE MMM${/ {2}/.test(text) ? '  ' : ' '}d HH:mm:ss yyyy` }
  const plain = shapeOfDay(text)
  const weekday = plain ? null : WEEKDAY.exec(text)
  const day = plain ?? (weekday ? shapeOfDay(text.slice(weekday[0].length)) : undefined)
  if (!day) return shapeOfNumber(text)
  const before = weekday ? `EEE${literal(weekday[2]!)}` : ''
  if (day.rest === '') return { pattern: `${before}${day.pattern}`, numbers: day.numbers }
  const between = /^(?:T|[, ]+(?:at |um |à |alle |a las |- )?)/i.exec(day.rest)?.[0]
  const time = between === undefined ? null : TIME.exec(day.rest.slice(between.length))
  if (between === undefined || !time) return undefined
  const [, colon, seconds, point, noon] = time
  const half = noon ? (noon.startsWith(' ') ? ' a' : 'a') : ''
  const clock = `${noon ? 'h' : 'H'}${colon}mm${seconds ? `${colon}ss` : ''}${point ? `${point}SSS` : ''}${half}`
  return { pattern: `${before}${day.pattern}${literal(between)}${clock}`, numbers: day.numbers }
}

function shapeOfDay(text: string): (DateShape & { rest: string }) | undefined {
  const numeric = NUMERIC.exec(text)
  if (numeric) {
    const [all, first, between, second, third] = numeric as unknown as [
      string,
      string,
      string,
      string,
      string,
    ]
    const rest = text.slice(all.length)
    if (first.length === 4)
      return third.length > 2 ? undefined : { pattern: `yyyy${between}M${between}d`, rest }
    if (first.length > 2 || third.length === 1) return undefined
    const year = third.length === 4 ? 'yyyy' : 'yy'
    return { pattern: `A${between}B${between}${year}`, numbers: [Number(first), Number(second)], rest }
  }
  const named = NAMED.exec(text)
  if (named) {
    const [all, , before, , after, year] = named as unknown as string[]
    const pattern = `d${literal(before!)}MMM${literal(after!)}${year!.length === 4 ? 'yyyy' : 'yy'}`
    return { pattern, rest: text.slice(all!.length) }
  }
  const american = MONTH_FIRST.exec(text)
  return american ? { pattern: `MMM d${american[3]}yyyy`, rest: text.slice(american[0].length) } : undefined
}

/** Digits alone: seconds or milliseconds since 1970, the days that a spreadsheet counts, or a date without signs. */
function shapeOfNumber(text: string): DateShape | undefined {
  const [, pattern] = NUMBERS.find(([form]) => form.test(text)) ?? []
  return pattern === undefined ? undefined : { pattern }
}
const NUMBERS: [RegExp, string][] = [
  [/^1\d{9}(\.\d+)?$/, 'unix'],
  [/^1\d{12}(\.0+)?$/, 'unix_ms'],
  [/^[34]\d{4}([.,]\d+)?$/, 'excel'],
  [/^(?:19|20)\d{6}T\d{6}$/, "yyyyMMdd'T'HHmmss"],
  [/^(?:19|20)\d{12}$/, 'yyyyMMddHHmmss'],
  [/^(?:19|20)\d{6}$/, 'yyyyMMdd'],
]

const literal = (text: string) => (/^[-/., :]*$/.test(text) ? text : `'${text}'`)

const OFFSET = /\s*\(?(?:(Z|UTC|GMT)|(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?|\b([A-Z]{3,4}))\)?$/
const MINUTE = 60_000
/** Offsets in minutes of the abbreviations that mean one thing only; CST and IST mean several. */
const ABBREVIATIONS = new Map(
  `WET 0 WEST 60 CET 60 CEST 120 EET 120 EEST 180 JST 540 AEST 600 AEDT 660 EST -300 EDT -240 CDT -300 MST -420 MDT -360
   PST -480 PDT -420`
    .split(/\s+/)
    .flatMap((name, place, all): [string, number][] =>
      place % 2 === 0 ? [[name, Number(all[place + 1])]] : [],
    ),
)

/** The offset from UTC that a time ends with, in milliseconds, and the text before it. */
export function withoutOffset(text: string): { text: string; offset?: number } {
  const match = OFFSET.exec(text)
  // “2024-03-12” does not end with an offset: a clock stands before one.
  if (!match || !/\d:\d\d|T\d{6}$/.test(text.slice(0, match.index))) return { text }
  const offset = offsetIn(match)
  return offset === undefined ? { text } : { text: text.slice(0, match.index), offset }
}

/** The milliseconds from UTC that a word such as “UTC+2”, “-05:00” or “CEST” means. */
export function offsetOf(word: string): number | undefined {
  const match = OFFSET.exec(word.trim())
  return match?.index === 0 ? offsetIn(match) : undefined
}

function offsetIn([, utc, sign, hours, minutes, word]: RegExpExecArray): number | undefined {
  if (utc) return 0
  const offset = word
    ? ABBREVIATIONS.get(word)
    : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0))
  return offset === undefined ? undefined : offset * MINUTE
}
