import type { Db } from '@tocsin/db'
import type { Logger } from '@tocsin/db/process'
import type { Registry } from 'prom-client'
import { ensurePartitions, placeActivity } from './activity/index.ts'
import { sweepAlerts, sweepRecoveries } from './correlation/index.ts'
import { sweepSteps } from './escalation/index.ts'
import { foldTallies } from './event/index.ts'
import { createSenders, deliveries, notices, type NotifyConfig, readNotices } from './notify/index.ts'
import { sweepMarks } from './sla/index.ts'
import { runUntilStopped, type Sweep, sweepMetrics, wakeOnNotify } from './sweep/index.ts'
import { sweepDrafts } from './ticket/index.ts'

export interface EngineOptions {
  db: Db
  /** For LISTEN, on connections of its own. */
  databaseUrl: string
  log: Logger
  registry: Registry
  config: NotifyConfig
  /** Aborts when the process stops: nothing new is begun, what is under way is finished. */
  signal: AbortSignal
}

/**
 * Sweeps what is due until the signal aborts. Any number of engines may run: each row is taken by whichever
 * comes first, and what a dead one had begun is free again at once or when its lease ends. Each sweep runs
 * alone, so one that is slow or fails delays no other.
 */
export async function runSweeps({
  db,
  databaseUrl,
  log,
  registry,
  config,
  signal,
}: EngineOptions): Promise<void> {
  const metrics = sweepMetrics(registry, db)
  const senders = createSenders(db, config)
  const paging = deliveries({ db, log, ...config, ...senders, onOutcome: metrics.delivered })
  const telling = notices({ db, log, ...config, ...senders })

  const sweeps: Sweep[] = [
    { name: 'places', wokenBy: 'activity', run: () => placeActivity(db) },
    { name: 'alerts', run: () => sweepAlerts(db) },
    { name: 'recoveries', run: () => sweepRecoveries(db) },
    { name: 'steps', wokenBy: 'due:steps', run: () => sweepSteps(db) },
    { name: 'marks', run: () => sweepMarks(db) },
    { name: 'deliveries', wokenBy: 'due:deliveries', run: paging.sweep },
    { name: 'notice-lines', wokenBy: 'feed', run: () => readNotices(db) },
    { name: 'notices', wokenBy: 'due:notices', run: telling.sweep },
    { name: 'partitions', everyMs: 3_600_000, run: () => ensurePartitions(db) },
    { name: 'tallies', everyMs: 60_000, run: () => foldTallies(db) },
    { name: 'unused-files', everyMs: 600_000, run: () => sweepDrafts(db) },
  ]
  const wakers = await wakeOnNotify(databaseUrl, ['activity', 'feed', 'due'])
  try {
    await Promise.all(sweeps.map((sweep) => runUntilStopped(sweep, { log, signal, metrics, wakers })))
    await Promise.all([paging.settled(), telling.settled()])
  } finally {
    await wakers.close()
  }
}
