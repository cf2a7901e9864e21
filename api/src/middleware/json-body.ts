import { isUtf8 } from 'node:buffer'
import { DeskError } from '@tocsin/desk'
import type { MiddlewareHandler } from 'hono'
import type { Env } from '../context.ts'

const DEPTH = 64
const ODD_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/

/**
 * JSON bodies as Postgres can keep them: refused when they are not UTF-8 or nest deeper than 64 levels, and NUL
 * and lone surrogates are replaced in the values, where alone they can be told from text that looks like them.
 */
export const jsonBody: MiddlewareHandler<Env> = async function readJsonBody(c, next) {
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(c.req.header('content-type') ?? '')) return next()
  const bytes = Buffer.from(await c.req.raw.arrayBuffer())
  if (!isUtf8(bytes)) throw new DeskError('invalid', 'The body is not valid UTF-8.')
  const text = new TextDecoder().decode(bytes)
  if (deeperThan(text, DEPTH)) throw new DeskError('invalid', `The body nests deeper than ${DEPTH} levels.`)
  const { method, headers } = c.req.raw
  const body = ODD_ESCAPE.test(text) ? cleaned(text) : text
  c.req.raw = new Request(c.req.url, { method, headers, body: body === '' ? undefined : body })
  return next()
}

function deeperThan(text: string, limit: number): boolean {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]+|\\.)*"?|[[{]|[\]}]/gs)) {
    if (token === '[' || token === '{') {
      if (++depth > limit) return true
    } else if (token === ']' || token === '}') depth--
  }
  return false
}

function cleaned(text: string): string {
  try {
    return JSON.stringify(
      JSON.parse(text, (_key, value: unknown) =>
        typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value,
      ),
    )
  } catch {
    return text // not JSON: whoever reads it says so
  }
}
