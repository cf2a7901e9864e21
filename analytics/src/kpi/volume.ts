import { z } from 'zod'
import { whole } from '../store/store.ts'
import { type Count, countInRecord, countInStore } from './count.ts'
import { CATEGORIES, CYCLES, FILTERS, type Kpi, TIMES } from './kpi.ts'
import { recordedTickets, storedTickets } from './ticket-source.ts'

const count: Count<z.ZodObject<{ n: z.ZodType<number> }>> = {
  name: 'volume',
  clickhouse: { ...storedTickets, at: 'created_at', figures: 'count() as n' },
  postgres: { ...recordedTickets, at: 't.created_at', figures: 'count(*) as n' },
  row: z.object({ n: whole.default(0) }),
  read: ({ n }) => ({ n, value: n }),
}

export const volume: Kpi = {
  name: 'volume',
  title: 'Volume',
  definition: {
    en: 'Tickets opened in the period, all of them: merged and cancelled ones and those in shadow too. Booked to the instant of opening.',
    fr: 'Tickets ouverts dans la période, tous : fusionnés, annulés et à blanc compris. Comptés à l’instant de l’ouverture.',
    it: 'Ticket aperti nel periodo, tutti: anche quelli uniti, annullati e in ombra. Contati all’istante dell’apertura.',
  },
  unit: 'tickets',
  dimensions: ['month', ...TIMES, ...CYCLES, ...CATEGORIES, 'none'],
  filters: FILTERS,
  booking: 'created',
  fromStore: (store, question) => countInStore(store, question, count),
  fromRecord: (record, question) => countInRecord(record, question, count),
}
