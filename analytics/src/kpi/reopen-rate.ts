import { z } from 'zod'
import { whole } from '../store/store.ts'
import { type Count, countInRecord, countInStore } from './count.ts'
import { CATEGORIES, FILTERS, type Kpi, TIMES } from './kpi.ts'
import { recordedTickets, storedTickets } from './ticket-source.ts'

const row = z.object({ n: whole.default(0), reopened: whole.default(0), reopenings: whole.default(0) })

const resolved: Count<typeof row> = {
  name: 'reopen_rate',
  clickhouse: {
    ...storedTickets,
    at: 'resolved_at',
    where: storedTickets.kept,
    measures: { times: 'reopen_count' },
    figures: 'count() as n, countIf(times > 0) as reopened, sum(times) as reopenings',
  },
  postgres: {
    ...recordedTickets,
    at: 't.resolved_at',
    where: recordedTickets.kept,
    measures: { times: 't.reopen_count' },
    figures: 'count(*) as n, count(*) filter (where times > 0) as reopened, sum(times) as reopenings',
  },
  row,
  read: ({ n, reopened, reopenings }) => ({
    n,
    value: n > 0 ? (100 * reopened) / n : null,
    reopened,
    reopenings,
  }),
}

export const reopenRate: Kpi = {
  name: 'reopen_rate',
  title: 'Reopened',
  definition:
    'Share of the tickets resolved in the period that had been reopened at least once before; each ticket counts once, at its last resolution. Merged and cancelled tickets are left out.',
  unit: 'percent',
  dimensions: ['month', ...TIMES, ...CATEGORIES, 'none'],
  filters: FILTERS,
  booking: 'resolved',
  fromStore: (store, question) => countInStore(store, question, resolved),
  fromRecord: (record, question) => countInRecord(record, question, resolved),
}
