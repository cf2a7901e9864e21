import { defineAdapter, firstText, isFields, WrongBody } from './adapter.ts'
import { readAlert, whyUnreadable } from './prometheus-alert.ts'

const API = '/api/v2/alerts'

/**
 * Alertmanager's webhook, version 4. The state is each alert's own: the group says “firing” while any of its
 * alerts does. Alertmanager retries a 5xx within its flush and gives up on any 4xx until the next one, so
 * an overload is a 503 and never a 429.
 */
export const alertmanager = defineAdapter({
  expects:
    'an Alertmanager webhook: an object with “alerts”, a list of alerts with status, labels and annotations',
  elements: (payload, { path }) => {
    // Prometheus and amtool send the bare list there, as to any Alertmanager.
    if (path === API && Array.isArray(payload)) return payload
    if (!isFields(payload) || !Array.isArray(payload.alerts))
      throw new WrongBody('There is no list “alerts” in it.')
    return payload.alerts
  },
  readOne: (alert, circumstances, whole) =>
    readAlert(alert, circumstances, {
      groupKey: firstText(whole, 'groupKey'),
      resolved: resolvedBy(alert, whole.status),
    }),
  waitsUnopened: (alert) => whyUnreadable(alert) === undefined,
  paths: ['', API],
})

/** The alert's own word; without one its end decides, and where it has none, the group's word. */
function resolvedBy(alert: unknown, groupStatus: unknown): boolean | undefined {
  if (!isFields(alert)) return undefined
  if (alert.status === 'resolved' || alert.status === 'firing') return alert.status === 'resolved'
  return alert.endsAt === undefined && groupStatus === 'resolved' ? true : undefined
}
