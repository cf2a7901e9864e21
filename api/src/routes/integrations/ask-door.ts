import { DeskError } from '@tocsin/desk'
import type { Deps } from '../../context.ts'

const DEADLINE_MS = 3_000

/** What the machines' door answers to our own processes, by their token. Throws `unavailable` where it is silent. */
export async function askDoor<T>(
  { ingestInternalUrl, internalToken }: Pick<Deps['config'], 'ingestInternalUrl' | 'internalToken'>,
  path: string,
  body: unknown,
): Promise<T> {
  const answer = await fetch(`${ingestInternalUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${internalToken}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch((error: unknown) => {
    throw new DeskError(
      'unavailable',
      'The machines’ door does not answer just now. Try again in a moment.',
      {
        retryAfter: 2,
        cause: error,
      },
    )
  })
  if (!answer.ok) throw new Error(`the door answered ${answer.status} to ${path}`)
  return (await answer.json()) as T
}
