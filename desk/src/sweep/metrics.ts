import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface SweepMetrics {
  /** Counts and times a sweep, and answers its rows. */
  swept: (sweep: string, run: () => Promise<number>) => Promise<number>
  delivered: (kind: string, outcome: string, reason: string) => void
}

/** What tells an operator that the sweeps keep up: how late the oldest due row is, read when asked. */
export function sweepMetrics(registry: Registry, db: Db): SweepMetrics {
  const registers = [registry]
  const rows = new Counter({
    name: 'tocsin_sweep_rows_total',
    help: 'Rows that a sweep has dealt with',
    labelNames: ['sweep'],
    registers,
  })
  const failures = new Counter({
    name: 'tocsin_sweep_failures_total',
    help: 'Sweeps that failed; they are tried again',
    labelNames: ['sweep'],
    registers,
  })
  const seconds = new Histogram({
    name: 'tocsin_sweep_seconds',
    help: 'How long a sweep that found something took',
    labelNames: ['sweep'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 2, 10],
    registers,
  })
  const outcomes = new Counter({
    name: 'tocsin_deliveries_total',
    help: 'Attempts to reach a person, by contact method, outcome and reason',
    labelNames: ['kind', 'outcome', 'reason'],
    registers,
  })
  void new Gauge({
    name: 'tocsin_sweep_lateness_seconds',
    help: 'How long the oldest due row has been waiting',
    labelNames: ['sweep'],
    registers,
    async collect() {
      for (const { sweep, late } of await lateness(db)) this.set({ sweep }, late)
    },
  })
  return {
    swept: async (sweep, run) => {
      const stop = seconds.startTimer({ sweep })
      try {
        const count = await run()
        rows.inc({ sweep }, count)
        if (count > 0) stop()
        return count
      } catch (error) {
        failures.inc({ sweep })
        throw error
      }
    },
    delivered: (kind, outcome, reason) => outcomes.inc({ kind, outcome, reason }),
  }
}

async function lateness(db: Db): Promise<{ sweep: string; late: number }[]> {
  const { rows } = await sql<{ sweep: string; late: number }>`
    with oldest(sweep, due_at) as (
      select 'steps', min(due_at) from escalation_step where decided_at is null
      union all select 'deliveries', min(due_at) from delivery where state = 'waiting'
      union all select 'notices', min(due_at) from notice where state = 'waiting'
      union all select 'marks', min(due_at) from sla_mark where reached_at is null and due_at is not null
      union all select 'recoveries', min(due_at) from recovery
      union all select 'heartbeats', min(due_at) from heartbeat where missed_at is null
      union all select 'places', min(recorded_at) from activity_waiting
    )
    select sweep, greatest(0, coalesce(extract(epoch from tocsin_now() - due_at), 0))::float8 as late from oldest`.execute(
    db,
  )
  return rows
}
