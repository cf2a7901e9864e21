import type { Db } from '@tocsin/db'
import { DeskError, type FieldError } from '@tocsin/desk'
import { sql } from 'kysely'
import type { ApiConfig } from '../../config.ts'

const DEADLINE_MS = 5_000

/**
 * Asks the analytics process, which alone opens the figures' store. Its refusals become ours; when it is absent
 * or slow the answer is 503, which says up to when they know, and the desk goes on.
 */
export async function askAnalytics(
  { db, config }: { db: Db; config: ApiConfig },
  path: string,
  question?: unknown,
): Promise<unknown> {
  const response = await fetch(new URL(path, config.analyticsUrl), {
    method: question === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${config.internalToken}`, 'content-type': 'application/json' },
    body: question === undefined ? undefined : JSON.stringify(question),
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch(async (cause: unknown) => {
    throw new DeskError(
      'unavailable',
      `The figures cannot be reached just now.${await upTo(db)} The desk itself is not affected.`,
      {
        retryAfter: 10,
        cause,
      },
    )
  })
  const answer = (await response.json().catch(() => ({}))) as { message?: string; errors?: FieldError[] }
  if (response.ok) return answer
  const message = answer.message ?? 'The figures cannot be read just now.'
  if (response.status === 404) throw new DeskError('not_found', message)
  if (response.status === 400 || response.status === 422)
    throw new DeskError('invalid', message, answer.errors ? { errors: answer.errors } : {})
  throw new DeskError('unavailable', message, { retryAfter: 10 })
}

/** The record keeps how far it was copied, so that this can be told without the copy. */
async function upTo(db: Db): Promise<string> {
  const { rows } = await sql<{ at: string }>`
    select to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at from feed_cursor where reader = 'analytics'`.execute(
    db,
  )
  return rows[0] ? ` They know the record up to ${rows[0].at} UTC.` : ''
}
