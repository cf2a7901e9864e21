import { composeEvent, type Event, type Unreadable, unreadable } from '@tocsin/desk'
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

const KINDS: Record<string, Event['kind']> = {
  trigger: 'trigger',
  unacknowledge: 'trigger',
  acknowledge: 'acknowledge',
  resolve: 'resolve',
}

/**
 * PagerDuty's retired webhooks, versions 1 and 2: a batch of messages. The message's own type counts: the
 * incident's status may lag behind it. Version 1 writes null as the word “null”.
 */
export const pagerdutyWebhooksV1 = defineAdapter({
  expects:
    'a PagerDuty webhook of version 1 or 2: {"messages": [{"type": "incident.trigger", "data": { … }}]}',
  elements: (payload) => {
    if (!isFields(payload) || !Array.isArray(payload.messages))
      throw new WrongBody('There is no list “messages” in it.')
    return payload.messages
  },
  readOne: readMessage,
})

function readMessage(message: Fields, { receivedAt }: Circumstances): Event | Unreadable {
  const type = firstText(message, 'type', 'event')
  const incident = isFields(message.incident) ? message.incident : within(within(message, 'data'), 'incident')
  const id = firstText(incident, 'id')
  if (type === null) return unreadable(message, '“type” is missing: nothing says what happened.')
  if (id === null) return unreadable(message, 'There is no incident with an “id” in it.')
  const verb = type.replace(/^incident\./, '')
  const kind = kindOf(KINDS, verb)
  const urgency = said(incident, 'urgency')
  const summary = within(incident, 'trigger_summary_data')
  const service = said(within(incident, 'service'), 'name') ?? said(within(incident, 'service'), 'summary')
  return composeEvent(
    {
      kind,
      dedupKey: id,
      severity: urgency,
      severityAs: urgency === 'high' ? 'critical' : urgency === 'low' ? 'warning' : undefined,
      title:
        said(incident, 'title') ??
        said(summary, 'subject') ??
        said(summary, 'description') ??
        said(incident, 'incident_key'),
      service,
      startsAt: said(incident, 'created_on') ?? said(incident, 'created_at'),
      endsAt:
        kind === 'resolve'
          ? (said(incident, 'last_status_change_on') ??
            said(incident, 'last_status_change_at') ??
            message.created_on)
          : null,
      labels: saidLabels({
        event_type: type,
        service,
        urgency,
        incident_number: incident.incident_number,
        incident_key: said(incident, 'incident_key'),
      }),
      annotations: saidLabels({ description: said(incident, 'description') }),
      link: said(incident, 'html_url'),
    },
    receivedAt,
  )
}

function said(fields: Fields, name: string): string | null {
  const word = firstText(fields, name)
  return word === 'null' ? null : word
}
