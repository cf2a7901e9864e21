import { z } from 'zod'
import { whole } from '../store/store.ts'
import { type Count, countInRecord, countInStore } from './count.ts'
import { type Kpi, TIMES } from './kpi.ts'

const row = z.object({ events: whole.default(0), alerts: whole.default(0), tickets: whole.default(0) })

/** The buckets of events that began an alert, heard or not. */
const BEGAN = `('opened', 'joined', 'suppressed', 'held')`

const tallied: Count<typeof row> = {
  name: 'compression',
  clickhouse: {
    from: 'tally final left any join integration_fact as i final on i.id = tally.integration_id',
    at: 'minute',
    columns: { team: 'i.team_id', service: 'i.service_id' },
    measures: { bucket: 'bucket', many: 'count' },
    figures: `sumIf(many, bucket = 'received') as events, sumIf(many, bucket in ${BEGAN}) as alerts,
      sumIf(many, bucket = 'opened') as tickets`,
  },
  postgres: {
    from: 'tally e join integration i on i.id = e.integration_id left join service s on s.id = i.service_id',
    at: 'e.minute',
    columns: { team: 'coalesce(s.team_id, i.team_id)', service: 'i.service_id' },
    measures: { bucket: 'e.bucket', many: 'e.count' },
    figures: `sum(many) filter (where bucket = 'received') as events,
      sum(many) filter (where bucket in ${BEGAN}) as alerts, sum(many) filter (where bucket = 'opened') as tickets`,
  },
  row,
  read: ({ events, alerts, tickets }) => ({
    n: events,
    value: events > 0 ? 100 * (1 - tickets / events) : null,
    events,
    alerts,
    tickets,
    alerts_of_events_percent: events > 0 ? 100 * (1 - alerts / events) : null,
    tickets_of_alerts_percent: alerts > 0 ? 100 * (1 - tickets / alerts) : null,
  }),
}

export const compression: Kpi = {
  name: 'compression',
  title: 'Events to tickets',
  definition: {
    en: 'How much monitoring was condensed: 1 − tickets opened / events received, by the minute in which each was counted. Between them stand the alerts: events that began one, suppressed and held ones included.',
    fr: 'Ce que la supervision envoie, condensé : 1 − tickets ouverts / événements reçus, à la minute où chacun a été compté. Entre les deux, les alertes : les événements qui en ont commencé une, supprimés et retenus compris.',
    it: 'Quanto il monitoraggio è stato condensato: 1 − ticket aperti / eventi ricevuti, al minuto in cui ciascuno è stato contato. In mezzo gli allarmi: gli eventi che ne hanno iniziato uno, compresi i soppressi e i trattenuti.',
  },
  unit: 'percent',
  dimensions: ['day', ...TIMES, 'team', 'service', 'none'],
  filters: ['team', 'service'],
  booking: 'none',
  fromStore: (store, question) => countInStore(store, question, tallied),
  fromRecord: (record, question) => countInRecord(record, question, tallied),
}
