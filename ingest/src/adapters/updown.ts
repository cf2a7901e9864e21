import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, isFields, WrongBody } from './adapter.ts'
import { identity, present, textAt, valueAt } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

// What it is about, and whether it begins or ends: a certificate is not the site's being down.
const meaningOf = vocabulary<{ kind: Event['kind']; about: string | null }>({
  'check.down': { kind: 'trigger', about: null },
  'check.still_down': { kind: 'trigger', about: null },
  'check.up': { kind: 'resolve', about: null },
  'check.ssl_invalid': { kind: 'trigger', about: 'ssl' },
  'check.ssl_valid': { kind: 'resolve', about: 'ssl' },
  'check.ssl_expiration': { kind: 'trigger', about: 'ssl-expiration' },
  'check.ssl_renewed': { kind: 'resolve', about: 'ssl-expiration' },
  'check.performance_drop': { kind: 'trigger', about: 'performance' },
})

/** updown.io's webhook: a list of events. */
export const updown = defineAdapter({
  expects: 'a list of updown.io events: objects with “event” and “check”',
  elements: (payload) => {
    const events = Array.isArray(payload) ? payload : [payload]
    const [first] = events
    if (
      first !== undefined &&
      !(isFields(first) && textAt(first, 'check.token') && String(first.event).startsWith('check.'))
    )
      throw new WrongBody('It has no “event” of a “check”.')
    return events
  },
  readOne: (event, { receivedAt }) => {
    const word = firstText(event, 'event')
    const { kind, about } = meaningOf(word) ?? { kind: 'note' as const, about: word }
    const url = textAt(event, 'check.url')
    const alias = textAt(event, 'check.alias')
    return composeEvent(
      {
        kind,
        dedupKey: identity(textAt(event, 'check.token') ?? url, ...(about === null ? [] : [about])),
        severity: null,
        severityAs: about === null && kind === 'trigger' ? 'critical' : undefined,
        title: firstText(event, 'description') ?? alias ?? url,
        resource: url,
        startsAt:
          valueAt(event, 'downtime.started_at') ??
          valueAt(event, 'check.down_since') ??
          (kind === 'trigger' ? event.time : null),
        endsAt: kind === 'resolve' ? (valueAt(event, 'downtime.ended_at') ?? event.time) : null,
        labels: present({ event: word, check: textAt(event, 'check.token'), alias, url }),
        annotations: present({ description: textAt(event, 'downtime.error', 'check.error') }),
        link: textAt(event, 'check.token') && `https://updown.io/${textAt(event, 'check.token')}`,
      },
      receivedAt,
    )
  },
})
