import { composeEvent, type Event, textOf } from '@tocsin/desk'
import {
  type Circumstances,
  defineAdapter,
  type Fields,
  firstText,
  isFields,
  within,
  WrongBody,
} from './adapter.ts'
import { identity, listAt, present, textAt, valueAt } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const severityOfPriority = vocabulary<Event['severity']>({
  '1': 'info',
  '2': 'warning',
  '3': 'error',
  '4': 'critical',
})

/**
 * Graylog’s HTTP notification (3.1 and later) and the alarm callback before it. It never says that something is
 * over: such an alert is closed by hand, or when it goes quiet.
 */
export const graylog = defineAdapter({
  expects: 'a Graylog notification: “event_definition_id” with “event”, or “check_result” with “stream”',
  readOne: (body, circumstances) => {
    if ('event_definition_id' in body || 'event_definition_title' in body)
      return readEvent(body, circumstances)
    if (isFields(body.check_result) && isFields(body.stream)) return readCallback(body, circumstances)
    throw new WrongBody('It has neither “event_definition_id” nor “check_result”.')
  },
})

function readEvent(body: Fields, { receivedAt }: Circumstances): Event {
  const definition = firstText(body, 'event_definition_id')
  const event = within(body, 'event')
  const priority = firstText(event, 'priority')
  const title = firstText(body, 'event_definition_title') ?? firstText(event, 'message')
  const isTest =
    body.event_definition_type === 'test-dummy-v1' ||
    ['NotificationTestId', 'EventDefinitionTestId'].includes(definition ?? '')
  const source = firstText(event, 'source')
  return composeEvent(
    {
      kind: isTest ? 'test' : 'trigger',
      // Without key fields all events of a definition are one alert, by Graylog's own reckoning.
      dedupKey: identity('event', definition ?? title, firstText(event, 'key') ?? keyOf(event)),
      severity: priority,
      severityAs: severityOfPriority(priority),
      title,
      resource: source,
      service: textAt(event, 'fields.service', 'group_by_fields.service'),
      host: source,
      startsAt: event.timestamp,
      labels: {
        ...within(event, 'group_by_fields'),
        ...within(event, 'fields'),
        ...present({ alertname: title, source, key: firstText(event, 'key') }),
      },
      annotations: present({
        description: firstText(event, 'message') ?? firstText(body, 'event_definition_description'),
        definition: firstText(body, 'event_definition_description'),
        messages: listAt(body, 'backlog')
          .slice(0, 3)
          .map((one) => textAt(one, 'message'))
          .join('\n'),
      }),
    },
    receivedAt,
  )
}

const keyOf = (event: Fields): string | null => {
  const groups = within(event, 'group_by_fields')
  return Object.keys(groups).length === 0
    ? null
    : textOf(Object.entries(groups).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function readCallback(body: Fields, { receivedAt }: Circumstances): Event {
  const check = within(body, 'check_result')
  const condition = within(check, 'triggered_condition')
  const source = textAt(check, 'matching_messages.0.source')
  const isTest = String(condition.type).toLowerCase().includes('dummy')
  return composeEvent(
    {
      kind: check.triggered === false ? 'note' : isTest ? 'test' : 'trigger',
      dedupKey: identity('stream', textAt(body, 'stream.id'), firstText(condition, 'id')),
      severity: null,
      title: textAt(body, 'stream.title') ?? firstText(condition, 'title', 'description'),
      resource: source,
      host: source,
      startsAt: check.triggered_at,
      labels: present({
        stream: textAt(body, 'stream.title'),
        condition: textAt(condition, 'title', 'type'),
        source,
      }),
      annotations: present({
        description: firstText(check, 'result_description'),
        message: valueAt(check, 'matching_messages.0.message'),
      }),
    },
    receivedAt,
  )
}
