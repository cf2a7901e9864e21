import { composeEvent, unreadable } from '@tocsin/desk'
import { defineAdapter, firstText, isFields, WrongBody } from './adapter.ts'
import { identity, listAt, present } from './fields.ts'

const WELL = ['ok', 'up', 'normal', 'passing', 'clear', 'resolved', 'good']

/** Riemann's events, one or a list. The state is free text; “expired” says that its service went quiet. */
export const riemann = defineAdapter({
  expects: 'a Riemann event, or a list of them: objects with “host” or “service”, and “state”',
  elements: (payload) => {
    const events = Array.isArray(payload) ? payload : [payload]
    const first = events.find((event) => isFields(event)) ?? {}
    const isOwn = ('host' in first || 'service' in first) && ('state' in first || 'metric' in first)
    if (events.length > 0 && !isOwn) throw new WrongBody('It has no “host” or “service” with a “state”.')
    return events
  },
  readOne: (event, { receivedAt }) => {
    const host = firstText(event, 'host')
    const service = firstText(event, 'service')
    if (host === null && service === null)
      return unreadable(event, 'It has neither “host” nor “service”: nothing says what it is about.')
    const state = firstText(event, 'state')
    const isWell = state !== null && WELL.includes(state.toLowerCase())
    // A measurement without a state says nothing of anybody's health.
    const kind = state === null ? 'note' : isWell ? 'resolve' : 'trigger'
    const known = ['host', 'service', 'state', 'description', 'metric', 'time', 'tags', 'ttl', 'attributes']
    const own = Object.entries(event).filter(([name]) => !known.includes(name))
    return composeEvent(
      {
        kind,
        dedupKey: identity(host, service),
        severity: state,
        severityAs: isWell ? 'ok' : undefined,
        title: firstText(event, 'description') ?? service ?? host,
        resource: service ?? host,
        service,
        host,
        startsAt: kind === 'trigger' ? event.time : null,
        endsAt: kind === 'resolve' ? event.time : null,
        labels: {
          ...(isFields(event.attributes) && event.attributes),
          ...present({
            ...Object.fromEntries(own),
            host,
            tags: listAt(event, 'tags').join(','),
            metric: event.metric,
          }),
        },
      },
      receivedAt,
    )
  },
})
