import { DeskError, type FieldError } from '@tocsin/desk'
import type { ApiConfig } from '../../config.ts'

const DEADLINE_MS = 5_000

/**
 * Asks the analytics process, which alone opens the figures' store. Its refusals become ours; when it is absent
 * or slow the answer is 503 and the desk goes on.
 */
export async function askAnalytics(config: ApiConfig, path: string, question?: unknown): Promise<unknown> {
  const response = await fetch(new URL(path, config.analyticsUrl), {
    method: question === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${config.internalToken}`, 'content-type': 'application/json' },
    body: question === undefined ? undefined : JSON.stringify(question),
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch((cause: unknown) => {
    throw new DeskError(
      'unavailable',
      'The figures cannot be reached just now. The desk itself is not affected.',
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
