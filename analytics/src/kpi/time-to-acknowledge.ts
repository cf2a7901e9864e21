import { z } from 'zod'
import { whole } from '../store/store.ts'
import { type Count, countInRecord, countInStore } from './count.ts'
import { durationFigures, durationRow, msInRecord, readDuration } from './duration.ts'
import { CATEGORIES, CYCLES, FILTERS, type Kpi, TIMES } from './kpi.ts'
import { recordedTickets, storedTickets } from './ticket-source.ts'

const times: Count<typeof durationRow> = {
  name: 'time_to_acknowledge',
  clickhouse: {
    ...storedTickets,
    at: 'acknowledged_at',
    where: storedTickets.kept,
    measures: { ms: `dateDiff('millisecond', created_at, acknowledged_at)` },
    figures: durationFigures.clickhouse,
  },
  postgres: {
    ...recordedTickets,
    at: 't.acknowledged_at',
    where: recordedTickets.kept,
    measures: { ms: msInRecord('t.created_at', 't.acknowledged_at') },
    figures: durationFigures.postgres,
  },
  row: durationRow,
  read: readDuration,
}

// Those never acknowledged have no time, so how many they are stands beside it.
const opened: Count<z.ZodObject<{ n: z.ZodType<number>; acknowledged: z.ZodType<number> }>> = {
  name: 'acknowledged of opened',
  clickhouse: {
    ...storedTickets,
    at: 'created_at',
    where: storedTickets.kept,
    measures: { acknowledged_at: 'acknowledged_at' },
    figures: 'count() as n, count(acknowledged_at) as acknowledged',
  },
  postgres: {
    ...recordedTickets,
    at: 't.created_at',
    where: recordedTickets.kept,
    measures: { acknowledged_at: 't.acknowledged_at' },
    figures: 'count(*) as n, count(acknowledged_at) as acknowledged',
  },
  row: z.object({ n: whole.default(0), acknowledged: whole.default(0) }),
  read: ({ n, acknowledged }) => ({ n, value: n > 0 ? (100 * acknowledged) / n : null }),
}

export const timeToAcknowledge: Kpi = {
  name: 'time_to_acknowledge',
  title: 'Time to acknowledge',
  definition: {
    en: 'Mean of first acknowledgement by a person minus opening, around the clock, over tickets acknowledged in the period; median and 90th percentile beside it. Never acknowledged ones have no time: their share is told apart. Merged and cancelled tickets and those in shadow are left out.',
    fr: 'Moyenne de la première prise en compte par une personne moins l’ouverture, jour et nuit, sur les tickets pris en compte dans la période ; médiane et 90e centile à côté. Ceux qui ne l’ont jamais été n’ont pas de temps : leur part est donnée séparément. Tickets fusionnés, annulés et à blanc exclus.',
    it: 'Media della prima presa in carico da parte di una persona meno l’apertura, giorno e notte, sui ticket presi in carico nel periodo; accanto la mediana e il 90º percentile. Quelli mai presi in carico non hanno tempo: la loro quota è indicata a parte. Esclusi i ticket uniti, annullati e in ombra.',
  },
  unit: 'ms',
  dimensions: ['week', ...TIMES, ...CYCLES, ...CATEGORIES, 'none'],
  filters: FILTERS,
  booking: 'acknowledged',
  fromStore: async (store, question) => {
    const figures = await countInStore(store, question, times)
    const share = await countInStore(store, { ...question, by: 'none' }, opened)
    return { ...figures, whole: { ...figures.whole, acknowledged_percent: share.whole.value } }
  },
  fromRecord: async (record, question) => {
    const figures = await countInRecord(record, question, times)
    const share = await countInRecord(record, { ...question, by: 'none' }, opened)
    return { ...figures, whole: { ...figures.whole, acknowledged_percent: share.whole.value } }
  },
}
