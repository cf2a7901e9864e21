import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import { ApiProblem, isProblem } from './problem.ts'

/** Says in a toast what went wrong, with the request id to quote. */
export function tellProblem(error: unknown): void {
  if (isProblem(error)) {
    const id = error.problem.request_id
    toasts.show(error.message, { tone: 'bad', detail: id ? m.common_request_id({ id }) : undefined })
  } else {
    toasts.show(m.common_no_connection(), { tone: 'bad' })
  }
}

/**
 * Runs a call that a person asked for. A problem is told in a toast, unless `onProblem` answers true: a form
 * that shows it beside its fields. Answers undefined when it failed.
 */
export async function attempt<T>(
  call: () => Promise<T>,
  onProblem?: (problem: ApiProblem) => boolean | undefined,
): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (isProblem(error) && onProblem?.(error)) return undefined
    tellProblem(error)
    return undefined
  }
}
