import { DeskError } from '@tocsin/desk'
import type { Context, MiddlewareHandler } from 'hono'
import type { Env } from '../context.ts'
import { drain } from '../drain.ts'

const JSON_LIMIT = 1024 * 1024

/** Holds a body that is read as a whole. */
const bounded: MiddlewareHandler<Env> = async function boundBody(c, next) {
  const { body, method, headers } = c.req.raw
  if (!body) return next()
  const source = body[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let size = 0
  for (let piece = await source.next(); !piece.done; piece = await source.next()) {
    size += piece.value.length
    if (size > JSON_LIMIT) {
      await drain(source)
      throw new DeskError('too_large', `The body may hold ${JSON_LIMIT / 1024 / 1024} MB at most.`)
    }
    held.push(piece.value)
  }
  c.req.raw = new Request(c.req.url, { method, headers, body: Buffer.concat(held) })
  return next()
}

const UPLOADS = /\/(attachments|imports|lookups|lookups\/[^/]+\/versions)$/
// Uploads are read as a stream that counts its own files and bytes; all else is held, so it is bounded here.
const isUpload = (c: Context): boolean =>
  c.req.method === 'POST' &&
  UPLOADS.test(c.req.path) &&
  (c.req.header('content-type') ?? '').startsWith('multipart/')

export const limitBody: MiddlewareHandler<Env> = (c, next) => (isUpload(c) ? next() : bounded(c, next))
