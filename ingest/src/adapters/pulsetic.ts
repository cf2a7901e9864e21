import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { identity, present, textAt, valueAt } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const meaningOf = vocabulary<{ kind: Event['kind']; about: string | null }>({
  monitor_offline: { kind: 'trigger', about: null },
  monitor_down: { kind: 'trigger', about: null },
  offline: { kind: 'trigger', about: null },
  down: { kind: 'trigger', about: null },
  monitor_online: { kind: 'resolve', about: null },
  monitor_up: { kind: 'resolve', about: null },
  online: { kind: 'resolve', about: null },
  up: { kind: 'resolve', about: null },
  certificate_expires_soon: { kind: 'trigger', about: 'certificate' },
  certificate_renewed: { kind: 'resolve', about: 'certificate' },
})

/** Pulsetic's webhook. The monitor is the alert; its certificate is one of its own. */
export const pulsetic = defineAdapter({
  expects: 'a Pulsetic alert: an object with “alert_type” and “monitor”',
  readOne: (body, { receivedAt }) => {
    const word = firstText(body, 'alert_type', 'event', 'status')
    const url = textAt(body, 'monitor.url', 'url')
    const key = textAt(body, 'monitor.id', 'monitor_id') ?? url
    if (word === null || key === null || !('alert_type' in body || textAt(body, 'monitor.url')))
      throw new WrongBody('It has no “alert_type” or no “monitor”.')
    const { kind, about } = meaningOf(word) ?? { kind: 'note' as const, about: word }
    const name = textAt(body, 'monitor.name') ?? url ?? key
    return composeEvent(
      {
        kind,
        dedupKey: about === null ? identity(key) : identity(key, about),
        severity: null,
        severityAs: kind === 'trigger' && about === null ? 'critical' : undefined,
        title: firstText(body, 'title', 'message') ?? name,
        resource: url ?? name,
        startsAt: valueAt(body, 'incident.started_at') ?? (kind === 'trigger' ? body.timestamp : null),
        endsAt: kind === 'resolve' ? (valueAt(body, 'incident.ended_at') ?? body.timestamp) : null,
        labels: present({ monitor: name, event: word, url }),
        annotations: present({ description: textAt(body, 'response.error', 'error', 'reason') }),
        link: url,
      },
      receivedAt,
    )
  },
})
