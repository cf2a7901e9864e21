import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { keptHeaders } from './kept-headers.ts'

export interface Headers {
  /** By their names in small letters. */
  text: Record<string, string>
  contentType: string | null
  /** What is kept of them, as JSON. */
  kept: string
}

const remembered = new WeakMap<Socket, { raw: string[]; headers: Headers }>()

/** The headers of a request. A connection sends the same ones again and again: they are read once. */
export function headersOf({ socket, rawHeaders: raw, headers }: IncomingMessage): Headers {
  const before = remembered.get(socket)
  if (before?.raw.length === raw.length && before.raw.every((word, index) => word === raw[index]))
    return before.headers
  const text = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
  const read = {
    text,
    contentType: text['content-type']?.slice(0, 200) ?? null,
    kept: JSON.stringify(keptHeaders(text)),
  }
  remembered.set(socket, { raw, headers: read })
  return read
}
