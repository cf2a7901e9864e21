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
  definition: {
    en: 'Share of the tickets resolved in the period that had been reopened at least once before; each ticket counts once, at its last resolution. Merged and cancelled tickets are left out.',
    fr: 'Part des tickets résolus dans la période qui avaient déjà été rouverts au moins une fois ; chaque ticket compte une fois, à sa dernière résolution. Tickets fusionnés et annulés exclus.',
    it: 'Quota dei ticket risolti nel periodo che erano già stati riaperti almeno una volta; ogni ticket conta una volta, alla sua ultima risoluzione. Esclusi i ticket uniti e annullati.',
  },
  unit: 'percent',
  dimensions: ['month', ...TIMES, ...CATEGORIES, 'none'],
  filters: FILTERS,
  booking: 'resolved',
  fromStore: (store, question) => countInStore(store, question, resolved),
  fromRecord: (record, question) => countInRecord(record, question, resolved),
}
