import { setTimeout as pause } from 'node:timers/promises'
import { type Db, listen } from '@tocsin/db'
import type { Logger } from '@tocsin/db/process'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Pipe } from './pipe/pipe.ts'
import { dropCursor } from './pipe/place.ts'
import { readReconciliations, reconcile, type Reconciliation } from './reconcile/reconcile.ts'
import type { Store } from './store/store.ts'

// The feed wakes it; only the counts of events come without a line, and nobody waits for those.
const POLL_MS = 5_000
// In a storm lines come by the millisecond; few larger inserts suit the store better than many small ones.
const PAUSE_MS = 200
const RECONCILE_EVERY_MS = 60_000
// At a million tickets one comparison takes a while: never more than a twentieth of the time goes into it.
const RECONCILE_SHARE = 20

/** Keeps the store up to the record, and compares the two after changes. */
export interface Keeper {
  reconcileNow: () => Promise<Reconciliation | undefined>
  /** The instant at which the two were last found equal. */
  equalAt: () => Date | undefined
  last: () => Reconciliation | undefined
  close: () => Promise<void>
}

export async function keepFigures(parts: {
  db: Db
  databaseUrl: string
  pipe: Pipe
  store: Store
  /** Done once before the first step, when the store can be reached. */
  prepare: () => Promise<void>
  log: Logger
  registry: Registry
}): Promise<Keeper> {
  const { db, databaseUrl, pipe, store, prepare, log, registry } = parts
  const metrics = measure(registry, pipe)
  let equalAt: Date | undefined
  let last: Reconciliation | undefined
  let compareAfter = 0
  let changed = true
  let stopped = false
  let wake = () => {}

  const compare = async () => {
    const done = await reconcile(pipe, store)
    if (!done) return undefined
    last = done
    metrics.differences.set(done.differences.length)
    if (done.differences.length === 0) equalAt = done.reconciled_at
    else log.error({ differences: done.differences.slice(0, 5) }, 'the figures differ from the record')
    return done
  }
  const step = async () => {
    const { changed: moved, rebuilt } = await pipe.catchUp()
    changed ||= moved
    if (rebuilt) metrics.rebuilds.inc()
    if (!changed || performance.now() < compareAfter) return
    changed = false
    const done = await compare()
    compareAfter = performance.now() + Math.max(RECONCILE_EVERY_MS, RECONCILE_SHARE * (done?.took_ms ?? 0))
    // A whole table that differs was not copied in full; what a figure alone gets wrong, no copy would mend.
    if (done && done.table_differences > 0) await dropCursor(db)
  }
  const run = async () => {
    let known = false
    let failing = false
    while (!stopped) {
      const woken = new Promise<void>((resolve) => (wake = resolve))
      try {
        if (!known) {
          await prepare()
          ;({ equalAt, last } = await readReconciliations(store))
          known = true
        }
        await step()
        failing = false
      } catch (error) {
        metrics.failures.inc()
        log[failing ? 'debug' : 'warn']({ err: error }, 'the figures cannot follow the record just now')
        failing = true
      }
      let timer: NodeJS.Timeout | undefined
      const rest = new Promise<void>((resolve) => (timer = setTimeout(resolve, POLL_MS)))
      await Promise.race([woken, rest])
      clearTimeout(timer)
      if (!stopped) await pause(PAUSE_MS)
    }
  }
  const feed = await listen(databaseUrl, ['feed'], () => wake())
  const running = run()
  return {
    reconcileNow: compare,
    equalAt: () => equalAt,
    last: () => last,
    close: async () => {
      stopped = true
      wake()
      await feed.close()
      await running
    },
  }
}

function measure(registry: Registry, pipe: Pipe) {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('analytics_place', 'Last place of the feed that the store holds.', () => pipe.copied()?.place ?? 0)
  gauge(
    'analytics_as_of_seconds',
    'Instant up to which the figures are true.',
    () => +(pipe.copied()?.asOf ?? 0) / 1000,
  )
  return {
    differences: new Gauge({
      name: 'analytics_differences',
      help: 'Differences between store and record at the last comparison.',
      registers,
    }),
    rebuilds: new Counter({
      name: 'analytics_rebuilds_total',
      help: 'Times the store was filled anew.',
      registers,
    }),
    failures: new Counter({
      name: 'analytics_failures_total',
      help: 'Steps of the pipe that failed.',
      registers,
    }),
  }
}
