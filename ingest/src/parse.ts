import { isUtf8 } from 'node:buffer'

export const DEPTH = 64

/** The body is not JSON that can be taken as it is: the sender gets 400 with these words. */
export class Malformed extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'Malformed'
  }
}

export interface Parsed {
  payload: unknown
  /** `text-replaced`: characters that Postgres cannot hold became U+FFFD. */
  flags: string[]
  /** It was not in UTF-8: its bytes alone no longer say it. */
  recoded?: boolean
}

// Only text with one of these needs the slow way: a whole number that a double may not hold, or a huge exponent.
const ODD_NUMBER = /\d{16}|\d[eE]\+?\d{3}/
const ODD_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/

/**
 * JSON as senders mean it: a byte order mark is skipped, integers beyond 2^53 come as their text, a repeated
 * key's last value wins, `__proto__` is a key like any other. Throws `Malformed`.
 */
export function parseJson(bytes: Buffer): Parsed {
  if (!isUtf8(bytes)) throw new Malformed('The body is not valid UTF-8.')
  if (deeperThan(bytes, DEPTH)) throw new Malformed(`The body nests deeper than ${DEPTH} levels.`)
  return parseSound(bytes)
}

/** The same of a body that was taken before. */
export function parseSound(bytes: Buffer): Parsed {
  const text = bytes.toString('utf8', bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)
  const payload = parse(text)
  if (!ODD_ESCAPE.test(text)) return { payload, flags: [] }
  const cleaned = clean(payload)
  return { payload: cleaned.value, flags: cleaned.changed ? ['text-replaced'] : [] }
}

function parse(text: string): unknown {
  try {
    return ODD_NUMBER.test(text) ? JSON.parse(text, keepNumber) : JSON.parse(text)
  } catch (error) {
    if (error instanceof Malformed) throw error
    throw new Malformed(
      /^\s*</.test(text) ? 'The body is XML or HTML, and not JSON.' : 'The body is not JSON.',
      error,
    )
  }
}

function keepNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value
  if (!Number.isFinite(value)) throw new Malformed('A number in the body is too large.')
  const source = context?.source
  return source !== undefined && Number.isInteger(value) && !Number.isSafeInteger(value) ? source : value
}

/** Counts brackets outside strings; the parser itself would take any depth, and what reads it later would not. */
function deeperThan(bytes: Buffer, limit: number): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (quoted) {
      if (byte === 0x5c) at++
      else if (byte === 0x22) quoted = false
    } else if (byte === 0x22) quoted = true
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > limit) return true
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return false
}

/** Replaces NUL and lone surrogates in every key and value; Postgres refuses both. */
export function clean(value: unknown): { value: unknown; changed: boolean } {
  if (typeof value === 'string') {
    const words = value.toWellFormed().replaceAll('\u0000', '\ufffd')
    return { value: words, changed: words !== value }
  }
  if (Array.isArray(value)) {
    const items = value.map(clean)
    return { value: items.map((item) => item.value), changed: items.some((item) => item.changed) }
  }
  if (typeof value !== 'object' || value === null) return { value, changed: false }
  const entries = Object.entries(value).map(([key, inner]) => ({ key: clean(key), inner: clean(inner) }))
  return {
    value: Object.fromEntries(entries.map(({ key, inner }) => [key.value, inner.value])),
    changed: entries.some(({ key, inner }) => key.changed || inner.changed),
  }
}
