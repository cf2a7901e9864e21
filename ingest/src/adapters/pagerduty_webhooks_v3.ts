import { composeEvent, type Event } from '@tocsin/desk'
import {
  type Circumstances,
  defineAdapter,
  type Fields,
  firstText,
  isFields,
  within,
  WrongBody,
} from './adapter.ts'
import { kindOf } from './fields.ts'
import { saidLabels } from './labels.ts'
import { hmac } from './signature.ts'

// What changes nothing of an incident's state, notes and responders and workflows, is a note.
const KINDS: Record<string, Event['kind']> = {
  'incident.triggered': 'trigger',
  'incident.reopened': 'trigger',
  'incident.unacknowledged': 'trigger',
  'incident.acknowledged': 'acknowledge',
  'incident.resolved': 'resolve',
  'pagey.ping': 'ping',
}

/** PagerDuty telling of its own incidents (webhook subscriptions, version 3), delivered at least once. */
export const pagerdutyWebhooksV3 = defineAdapter({
  expects: 'a PagerDuty webhook of version 3: {"event": {"event_type": "incident.…", "data": { … }}}',
  readOne: readEvent,
  signature: hmac({ header: 'x-pagerduty-signature', prefix: 'v1=' }),
})

function readEvent(body: Fields, { receivedAt, fresh }: Circumstances): Event {
  const event = within(body, 'event')
  const type = firstText(event, 'event_type')
  if (type === null) throw new WrongBody('There is no “event.event_type” in it.')
  const kind = kindOf(KINDS, type)
  const data = within(event, 'data')
  // Beside an incident's own events, notes and the like carry it as a reference.
  const incident = firstText(data, 'type') === 'incident' || !isFields(data.incident) ? data : data.incident
  const id = firstText(incident, 'id')
  if (id === null && kind !== 'ping' && kind !== 'note')
    throw new WrongBody('“event.data” has no “id”: nothing says which incident is meant.')
  const since = firstText(incident, 'reopened_at', 'created_at')
  const priority = firstText(within(incident, 'priority'), 'summary', 'name')
  const urgency = firstText(incident, 'urgency')
  const service = firstText(within(incident, 'service'), 'summary', 'name')
  return composeEvent(
    {
      kind,
      dedupKey: id ?? firstText(event, 'id') ?? fresh,
      severity: urgency ?? priority,
      severityAs: urgency === 'high' ? 'critical' : urgency === 'low' ? 'warning' : undefined,
      title: firstText(incident, 'title', 'summary', 'description') ?? firstText(data, 'content') ?? type,
      service,
      startsAt: since ?? (kind === 'trigger' ? event.occurred_at : null),
      endsAt: kind === 'resolve' ? event.occurred_at : null,
      labels: saidLabels({
        event_type: type,
        service,
        priority,
        urgency,
        incident_number: incident.number,
        escalation_policy: within(incident, 'escalation_policy').summary,
      }),
      link: incident.html_url,
    },
    receivedAt,
  )
}
