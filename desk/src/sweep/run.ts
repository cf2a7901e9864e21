import type { Logger } from '@tocsin/db/process'
import type { SweepMetrics } from './metrics.ts'
import type { Wakers } from './wake.ts'

export interface Sweep {
  name: string
  /** The notification that hastens it. */
  wokenBy?: string
  /** How long it waits for that, where half a second is not right. */
  everyMs?: number
  /** Does what is due and answers how much that was; after 0 it rests. */
  run: () => Promise<number>
}

const EVERY_MS = 500

/** Runs one sweep again and again until the signal aborts; a failure is counted, logged and tried again. */
export async function runUntilStopped(
  { name, wokenBy = name, everyMs = EVERY_MS, run }: Sweep,
  {
    log,
    signal,
    metrics,
    wakers,
  }: { log: Logger; signal: AbortSignal; metrics: SweepMetrics; wakers: Wakers },
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    let rows = 0
    try {
      rows = await metrics.swept(name, run)
      failures = 0
    } catch (error) {
      failures++
      // A database that is away fails every sweep twice a second: say it at 1, 2, 4, 8 … failures.
      if (Number.isInteger(Math.log2(failures)))
        log.error({ sweep: name, failures, err: error }, 'sweep failed')
    }
    if (rows === 0) await wakers.wait(wokenBy, everyMs, signal)
  }
}
