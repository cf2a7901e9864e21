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
const TIME = /^(\d{1,2}):(\d{2})(:\d{2})?(?:([.,])\d{3})?( ?[AaPp]\.?[Mm]\.?)?$/
const LONGEST = 40

export function shapeOf(whole: string): DateShape | undefined {
  if (whole.length > LONGEST || whole.length < 4 || !/\d/.test(whole)) return undefined
  const text = withoutOffset(whole).text
  const plain = shapeOfDay(text)
  const weekday = plain ? null : WEEKDAY.exec(text)
  const day = plain ?? (weekday ? shapeOfDay(text.slice(weekday[0].length)) : undefined)
  if (!day) return /^\d+(\.\d+)?$/.test(whole) ? shapeOfNumber(whole) : undefined
  const before = weekday ? `EEE${literal(weekday[2]!)}` : ''
  if (day.rest === '') return { pattern: `${before}${day.pattern}`, numbers: day.numbers }
  const between = /^(?:T|[, ]+(?:at |um |à |alle |a las |- )?)/i.exec(day.rest)?.[0]
  const time = between === undefined ? null : TIME.exec(day.rest.slice(between.length))
  if (between === undefined || !time) return undefined
  const hours = time[5] ? 'h' : 'H'
  const half = time[5] ? (time[5].startsWith(' ') ? ' a' : 'a') : ''
  const clock = `${hours}:mm${time[3] ? ':ss' : ''}${time[4] ? `${literal(time[4])}SSS` : ''}${half}`
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

/** Seconds or milliseconds since 1970, or the days that a spreadsheet counts. */
function shapeOfNumber(text: string): DateShape | undefined {
  if (/^1\d{9}$/.test(text)) return { pattern: 'unix' }
  if (/^1\d{12}$/.test(text)) return { pattern: 'unix_ms' }
  return /^[34]\d{4}(\.\d+)?$/.test(text) ? { pattern: 'excel' } : undefined
}

const literal = (text: string) => (/^[-/., :]*$/.test(text) ? text : `'${text}'`)

const OFFSET = /\s*(?:(Z|UTC|GMT)|(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?|\b([A-Z]{3,4}))$/
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
  if (!match || !/\d:\d\d/.test(text.slice(0, match.index))) return { text }
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
