import { whole } from '../store/store.ts'
import { type Count, countInRecord, countInStore } from './count.ts'
import { durationFigures, durationRow, msInRecord, readDuration } from './duration.ts'
import { CYCLES, type Kpi, TIMES } from './kpi.ts'

const row = durationRow.extend({ pages: whole.default(0) })

const sent: Count<typeof row> = {
  name: 'pages',
  clickhouse: {
    from: 'page_fact final',
    at: 'created_at',
    columns: { team: 'team_id', service: 'service_id', priority: 'priority', kind: 'kind' },
    measures: { ms: `dateDiff('millisecond', created_at, acknowledged_at)` },
    figures: `count() as pages, ${durationFigures.clickhouse}`,
  },
  postgres: {
    from: 'page p join ticket t on t.id = p.ticket_id',
    at: 'p.created_at',
    columns: { team: 't.team_id', service: 't.service_id', priority: 't.priority', kind: 't.kind' },
    measures: { ms: msInRecord('p.created_at', 'p.acknowledged_at') },
    figures: `count(*) as pages, ${durationFigures.postgres}`,
  },
  row,
  read: ({ pages: n, ...answered }) => {
    const { n: acknowledged, median } = readDuration(answered)
    return { n, value: n, acknowledged, median_ms: median ?? null }
  },
}

export const pages: Kpi = {
  name: 'pages',
  title: 'Pages',
  definition: {
    en: 'Decisions to tell a person and expect an answer, taken in the period: one page each, however many mails or calls carried it. Beside it how many that person acknowledged, and the median time to it. What an integration in shadow would have paged is no page.',
    fr: 'Décisions de prévenir une personne et d’attendre sa réponse, prises dans la période : une par appel, quel que soit le nombre de messages qui l’ont porté. À côté, combien cette personne a confirmés, et le temps médian pour le faire. Ce qu’une intégration à blanc aurait déclenché n’est pas un appel.',
    it: 'Decisioni di avvisare una persona e attenderne la risposta, prese nel periodo: una per chiamata, per quanti messaggi l’abbiano portata. Accanto, quante quella persona ha confermato, e il tempo mediano per farlo. Ciò che un’integrazione in ombra avrebbe fatto partire non è una chiamata.',
  },
  unit: 'pages',
  dimensions: ['hour', ...CYCLES, ...TIMES, 'team', 'service', 'priority', 'none'],
  filters: ['team', 'service', 'priority', 'kind'],
  booking: 'none',
  fromStore: (store, question) => countInStore(store, question, sent),
  fromRecord: (record, question) => countInRecord(record, question, sent),
}
