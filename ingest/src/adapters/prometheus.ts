import { defineAdapter, WrongBody } from './adapter.ts'
import { readAlert, whyUnreadable } from './prometheus-alert.ts'

/**
 * What Prometheus itself sends to an Alertmanager (API v2): a bare list, sent again and again while it fires,
 * with no word for its state. An alert is over once its endsAt has passed.
 */
export const prometheus = defineAdapter({
  expects: 'the body of Alertmanager’s POST /api/v2/alerts: a list of alerts with labels and annotations',
  elements: (payload) => {
    if (!Array.isArray(payload)) throw new WrongBody('It is not a list.')
    return payload
  },
  readOne: (alert, circumstances) => readAlert(alert, circumstances),
  waitsUnopened: (alert) => whyUnreadable(alert) === undefined,
  // Prometheus before 3 may still be set to the first version, which has the same list.
  paths: ['', '/api/v2/alerts', '/api/v1/alerts'],
})
