import { z } from 'zod'
import { whole } from '../store/store.ts'
import type { Figure } from './kpi.ts'

/**
 * What is told of a set of durations `ms`: mean, and median and ninetieth percentile beside it, because a time
 * has no upper bound. Linear interpolation between the closest ranks, in both engines.
 */
export const durationFigures = {
  clickhouse: 'count(ms) as n, sum(ms) as total, quantilesExactInclusive(0.5, 0.9)(ms) as quantiles',
  postgres: `count(ms) as n, sum(ms) as total,
    percentile_cont(array[0.5, 0.9]) within group (order by ms) as quantiles`,
}

export const durationRow = z.object({
  n: whole.default(0),
  total: whole.default(0),
  quantiles: z.array(z.number().nullable()).nullable().default(null),
})

export function readDuration({ n, total, quantiles }: z.output<typeof durationRow>): Figure {
  const [median, p90] = n > 0 && quantiles ? quantiles : []
  return { n, value: n > 0 ? total / n : null, median: exact(median), p90: exact(p90) }
}

/** Tenths of a millisecond are all there can be between two whole ones at 0.5 and 0.9: this strips binary noise. */
const exact = (ms: number | null | undefined): number | null =>
  ms === null || ms === undefined ? null : Math.round(ms * 10) / 10

/** Milliseconds between two instants, in Postgres; `dateDiff('millisecond', …)` in ClickHouse. */
export const msInRecord = (from: string, to: string): string =>
  `round(extract(epoch from (${to} - ${from})) * 1000)::bigint`
