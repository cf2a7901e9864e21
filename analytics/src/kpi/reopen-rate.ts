import { z } from 'zod'
import { whole } from '../store/store.ts'
import { type Count, countInRecord, countInStore } from './count.ts'
import { CATEGORIES, FILTERS, type Kpi, TIMES } from './kpi.ts'
import { recordedTickets, storedTickets } from './ticket-source.ts'

const row = z.object({ n: whole.default(0), reopened: whole.default(0), reopenings: whole.default(0) })

// What another desk closed without saying when it was resolved has ended all the same.
const ended: Count<typeof row> = {
  name: 'reopen_rate',
  clickhouse: {
    ...storedTickets,
    at: 'ifNull(resolved_at, closed_at)',
    where: storedTickets.kept,
    measures: { times: 'reopen_count' },
    figures: 'count() as n, countIf(times > 0) as reopened, sum(times) as reopenings',
  },
  postgres: {
    ...recordedTickets,
    at: 'coalesce(t.resolved_at, t.closed_at)',
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
    en: 'Share of the tickets resolved, or closed without a known resolution, in the period that had been reopened at least once before; each ticket counts once, at its last end. Merged and cancelled tickets and those in shadow are left out.',
    fr: 'Part des tickets résolus, ou clos sans résolution connue, dans la période et qui avaient déjà été rouverts au moins une fois ; chaque ticket compte une fois, à sa dernière fin. Tickets fusionnés, annulés et à blanc exclus.',
    it: 'Quota dei ticket risolti, o chiusi senza una risoluzione nota, nel periodo che erano già stati riaperti almeno una volta; ogni ticket conta una volta, alla sua ultima fine. Esclusi i ticket uniti, annullati e in ombra.',
  },
  unit: 'percent',
  dimensions: ['month', ...TIMES, ...CATEGORIES, 'none'],
  filters: FILTERS,
  booking: 'resolved',
  fromStore: (store, question) => countInStore(store, question, ended),
  fromRecord: (record, question) => countInRecord(record, question, ended),
}
