import { type Count, countInRecord, countInStore } from './count.ts'
import { durationFigures, durationRow, msInRecord, readDuration } from './duration.ts'
import { CATEGORIES, CYCLES, FILTERS, type Kpi, TIMES } from './kpi.ts'
import { recordedTickets, storedTickets } from './ticket-source.ts'

const times: Count<typeof durationRow> = {
  name: 'time_to_resolve',
  clickhouse: {
    ...storedTickets,
    at: 'resolved_at',
    where: storedTickets.kept,
    measures: { ms: `dateDiff('millisecond', created_at, resolved_at)` },
    figures: durationFigures.clickhouse,
  },
  postgres: {
    ...recordedTickets,
    at: 't.resolved_at',
    where: recordedTickets.kept,
    measures: { ms: msInRecord('t.created_at', 't.resolved_at') },
    figures: durationFigures.postgres,
  },
  row: durationRow,
  read: readDuration,
}

export const timeToResolve: Kpi = {
  name: 'time_to_resolve',
  title: 'Time to resolve',
  definition: {
    en: 'Mean of last resolution minus opening, around the clock, waiting included, over tickets resolved in the period; median and 90th percentile beside it. Unresolved, merged and cancelled tickets and those in shadow are left out.',
    fr: 'Moyenne de la dernière résolution moins l’ouverture, jour et nuit, attente comprise, sur les tickets résolus dans la période ; médiane et 90e centile à côté. Tickets non résolus, fusionnés, annulés et à blanc exclus.',
    it: 'Media dell’ultima risoluzione meno l’apertura, giorno e notte, attese comprese, sui ticket risolti nel periodo; accanto la mediana e il 90º percentile. Esclusi i ticket non risolti, uniti, annullati e in ombra.',
  },
  unit: 'ms',
  dimensions: ['week', ...TIMES, ...CYCLES, ...CATEGORIES, 'none'],
  filters: FILTERS,
  booking: 'resolved',
  fromStore: (store, question) => countInStore(store, question, times),
  fromRecord: (record, question) => countInRecord(record, question, times),
}
