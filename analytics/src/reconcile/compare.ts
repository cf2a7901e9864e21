import { isDeepStrictEqual } from 'node:util'
import type { Figures, Question } from '../kpi/index.ts'

/** Something on which the two engines do not agree. */
export interface Difference {
  what: string
  key: string
  clickhouse: unknown
  postgres: unknown
}

/** Every key on which they differ; a difference of anything at all is one. */
export function compareFigures(
  name: string,
  question: Question,
  store: Figures,
  record: Figures,
): Difference[] {
  const what = `${name} by ${question.by} from ${question.from.toISOString()} to ${question.to.toISOString()}`
  const keys = new Set([...Object.keys(store.series), ...Object.keys(record.series)])
  const pairs: [string, unknown, unknown][] = [
    ['whole', store.whole, record.whole],
    ...[...keys].map((key): [string, unknown, unknown] => [key, store.series[key], record.series[key]]),
  ]
  return pairs
    .filter(([, clickhouse, postgres]) => !isDeepStrictEqual(clickhouse, postgres))
    .map(([key, clickhouse, postgres]) => ({ what, key, clickhouse, postgres }))
}
