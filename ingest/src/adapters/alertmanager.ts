import { isFields, firstText, type Adapter, WrongBody } from './adapter.ts'
import { readAlert } from './prometheus-alert.ts'

/**
 * Alertmanager's webhook, version 4. The state is each alert's own: the group says “firing” while any of its
 * alerts does. Alertmanager retries a 5xx within its flush and gives up on any 4xx until the next one, so
 * an overload is a 503 and never a 429.
 */
export const alertmanager: Adapter = {
  expects:
    'an Alertmanager webhook: an object with “alerts”, a list of alerts with status, labels and annotations',
  read: (payload, circumstances) => {
    if (!isFields(payload) || !Array.isArray(payload.alerts))
      throw new WrongBody('There is no list “alerts” in it.')
    const groupKey = firstText(payload, 'groupKey')
    return payload.alerts.map((alert: unknown) =>
      readAlert(alert, circumstances, { groupKey, resolved: resolvedBy(alert, payload.status) }),
    )
  },
  readElement: (alert, circumstances) =>
    readAlert(alert, circumstances, { resolved: resolvedBy(alert, undefined) }),
  accepted: ({ receipt, events }) => ({
    status: 200,
    body: { status: 'accepted', receipt, events: events.length },
  }),
  overload: { limited: 503, unavailable: 503 },
  paths: [''],
}

/** The alert's own word; without one its end decides, and where it has none, the group's word. */
function resolvedBy(alert: unknown, groupStatus: unknown): boolean | undefined {
  if (!isFields(alert)) return undefined
  if (alert.status === 'resolved' || alert.status === 'firing') return alert.status === 'resolved'
  return alert.endsAt === undefined && groupStatus === 'resolved' ? true : undefined
}
