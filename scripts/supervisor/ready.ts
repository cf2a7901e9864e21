import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '@tocsin/db/process'
import type { Process } from './processes.ts'

const sayAgainMs = 15_000

/** Resolves when the `/readyz` of every process has answered 200, telling now and then which has not. */
export async function allReady(processes: Process[], log: Logger, signal: AbortSignal): Promise<void> {
  let told = performance.now()
  let waiting = processes
  while (waiting.length > 0 && !signal.aborted) {
    const answers = await Promise.all(
      waiting.map(async (plan) => ({ plan, reason: await whyNotReady(plan) })),
    )
    const late = answers.filter(({ reason }) => reason !== undefined)
    waiting = late.map(({ plan }) => plan)
    if (waiting.length === 0) return
    if (performance.now() - told > sayAgainMs) {
      told = performance.now()
      log.warn(
        { waiting: Object.fromEntries(late.map(({ plan, reason }) => [plan.name, reason])) },
        'not ready yet',
      )
    }
    await pause(50)
  }
}

async function whyNotReady({ url }: Process): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) })
    const text = await response.text()
    return response.ok ? undefined : `${response.status} ${text.slice(0, 500)}`
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    return cause instanceof Error ? cause.message : 'no answer'
  }
}
