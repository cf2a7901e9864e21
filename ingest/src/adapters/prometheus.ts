import { type Adapter, WrongBody } from './adapter.ts'
import { readAlert } from './prometheus-alert.ts'

/**
 * What Prometheus itself sends to an Alertmanager (API v2): a bare list, sent again and again while it fires,
 * with no word for its state. An alert is over once its endsAt has passed.
 */
export const prometheus: Adapter = {
  expects: 'the body of Alertmanager’s POST /api/v2/alerts: a list of alerts with labels and annotations',
  read: (payload, circumstances) => {
    if (!Array.isArray(payload)) throw new WrongBody('It is not a list.')
    return payload.map((alert: unknown) => readAlert(alert, circumstances))
  },
  readElement: (alert, circumstances) => readAlert(alert, circumstances),
  accepted: ({ receipt, events }) => ({
    status: 200,
    body: { status: 'accepted', receipt, events: events.length },
  }),
  overload: { limited: 503, unavailable: 503 },
  paths: ['', '/api/v2/alerts'],
}
