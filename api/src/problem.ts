import { z } from '@hono/zod-openapi'
import { DeskError, type ErrorCode } from '@tocsin/desk'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Env } from './context.ts'

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    current: z.unknown().optional(),
  })
  .openapi('Problem')

const KINDS: Record<ErrorCode, { status: ContentfulStatusCode; title: string }> = {
  invalid: { status: 400, title: 'The request is not right' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Not possible now' },
  stale: { status: 412, title: 'Changed meanwhile' },
  gone: { status: 410, title: 'No longer valid' },
  too_large: { status: 413, title: 'Too large' },
  limited: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available just now' },
}

// Postgres saying what the input broke; everything else of its is ours to answer for.
const FROM_POSTGRES: Record<string, ErrorCode> = {
  '22P02': 'invalid', // not a uuid, number or instant
  '22P05': 'invalid', // an untranslatable character
  '22021': 'invalid', // invalid bytes for UTF-8
  '22003': 'invalid', // out of range
  '22007': 'invalid', // not an instant
  '22008': 'invalid', // an instant outside the calendar
  '23503': 'conflict', // refers to what does not exist
  '23505': 'conflict',
  '23514': 'invalid',
}
const UNREACHABLE =
  /ECONNREFUSED|ECONNRESET|timeout exceeded when trying to connect|Connection terminated|57P0\d|08\d{3}/

/** The one mapping from what was thrown to RFC 9457. A 500 shows a request id only. */
export function answerError(error: unknown, c: Context<Env>): Response {
  const known = asDeskError(error)
  const log = c.get('log')
  if (!known) log?.error({ err: error }, 'request failed')
  else if (known.code === 'unavailable') log?.warn({ err: error }, 'unavailable')
  const kind = known ? KINDS[known.code] : { status: 500 as const, title: 'Something broke on our side' }
  const status = known ? statusOf(known) : kind.status
  const requestId = c.get('requestId') ?? ''
  return c.body(
    JSON.stringify({
      type: `urn:tocsin:problem:${known?.code ?? 'internal'}`,
      title: kind.title,
      status,
      detail: known?.message ?? `The request ${requestId} failed. It is in the log under this id.`,
      request_id: requestId,
      ...(known?.details.errors && { errors: known.details.errors }),
      ...(known?.details.current !== undefined && { current: known.details.current }),
    }),
    status,
    {
      'content-type': 'application/problem+json',
      ...(known?.details.retryAfter && { 'retry-after': String(known.details.retryAfter) }),
      // The rest of the body is not read: whoever asks next does so on another connection.
      ...(status === 413 && { connection: 'close' }),
    },
  )
}

const statusOf = ({ code, details }: DeskError): ContentfulStatusCode =>
  code === 'invalid' && details.errors && !details.unknown ? 422 : KINDS[code].status

/** A refusal of one thing among many, said as the whole answer would say it. */
export const problemOf = (error: DeskError) => ({
  status: statusOf(error) as number,
  detail: error.message,
  ...(error.details.errors && { errors: error.details.errors }),
})

function asDeskError(error: unknown): DeskError | undefined {
  if (error instanceof DeskError) return error
  if (error instanceof HTTPException)
    return new DeskError(
      error.status === 413 ? 'too_large' : error.status === 404 ? 'not_found' : 'invalid',
      error.message || 'The request cannot be read.',
    )
  const code = (error as { code?: string | number } | null)?.code?.toString() ?? ''
  const mapped = FROM_POSTGRES[code]
  if (mapped)
    return new DeskError(
      mapped,
      'A value in the request does not fit: it is malformed, out of range, or refers to something that does not exist.',
      { cause: error },
    )
  if (UNREACHABLE.test(code) || UNREACHABLE.test(String((error as Error | null)?.message)))
    return new DeskError('unavailable', 'The database cannot be reached just now. Try again in a moment.', {
      retryAfter: 5,
      cause: error,
    })
  return undefined
}
