import { DeskError } from '@tocsin/desk'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Env } from '../context.ts'

const JSON_LIMIT = 1024 * 1024

const limit = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new DeskError('too_large', `The body may hold ${maxSize / 1024 / 1024} MB at most.`)
    },
  })

const bounded = limit(JSON_LIMIT)

const UPLOADS = /\/(attachments|imports|lookups|lookups\/[^/]+\/versions)$/
// Uploads are read as a stream that counts its own files and bytes; all else is held, so it is bounded here.
const isUpload = (c: Context): boolean =>
  c.req.method === 'POST' &&
  UPLOADS.test(c.req.path) &&
  (c.req.header('content-type') ?? '').startsWith('multipart/')

export const limitBody: MiddlewareHandler<Env> = (c, next) => (isUpload(c) ? next() : bounded(c, next))
