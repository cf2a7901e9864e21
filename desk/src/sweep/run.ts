import type { Logger } from '@tocsin/db/process'
import type { RawBuilder } from 'kysely'
import type { SweepMetrics } from './metrics.ts'
import type { Wakers } from './wake.ts'

interface Named {
  name: string
  /** The notification that hastens it. */
  wokenBy?: string
  /** Does what is due and answers how much that was; after 0 it rests. */
  run: () => Promise<number>
}

export type Sweep = Named &
  (
    | {
        /** A query that answers rows when there may be something to do, looked at twice a second. */
        due: RawBuilder<unknown>
        everyMs?: never
      }
    | {
        due?: never
        /** About how long it rests, where nobody waits for it. */
        everyMs: number
      }
  )

// Looking is what finds out; this only makes sure that no sweep rests for ever.
const REST_MS = 60_000

/** Spread, so that sweeps at rest share one connection: together they would open ten, and close them again. */
const spread = (ms: number) => ms * (0.75 + Math.random() / 2)

/** Runs one sweep again and again until the signal aborts; a failure is counted, logged and tried again. */
export async function runUntilStopped(
  { name, wokenBy = name, everyMs = REST_MS, run }: Sweep,
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
    if (rows === 0) await wakers.wait(wokenBy, spread(everyMs), signal)
  }
}
