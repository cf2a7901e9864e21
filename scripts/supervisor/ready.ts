import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '@tocsin/db/process/log'
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

// Not fetch: it alone would make this process, which only waits, half as big again.
async function whyNotReady({ url }: Process): Promise<string | undefined> {
  const asked = get(`${url}/readyz`, { agent: false, timeout: 3_000 })
  asked.once('timeout', () => asked.destroy(new Error('no answer within 3 s')))
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    const said = await text(answer)
    return answer.statusCode === 200 ? undefined : `${answer.statusCode} ${said.slice(0, 500)}`
  } catch (error) {
    return error instanceof Error ? error.message : 'no answer'
  }
}
