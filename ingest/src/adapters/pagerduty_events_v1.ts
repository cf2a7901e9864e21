import { composeEvent, type Event, KEY_LENGTH } from '@tocsin/desk'
import {
  type Circumstances,
  defineAdapter,
  type Fields,
  firstText,
  isFields,
  within,
  WrongBody,
} from './adapter.ts'
import { saidLabels } from './labels.ts'
import { firstLink, invalidEvent, shownBeside } from './pagerduty.ts'

const TYPES = ['trigger', 'acknowledge', 'resolve'] as const

/** PagerDuty's Events API v1, which the agents of Nagios and Zabbix still speak. Its word for “too fast” is 403. */
export const pagerdutyEventsV1 = defineAdapter({
  expects: 'a PagerDuty event of version 1 {"service_key": "…", "event_type": "trigger", "description": "…"}',
  readOne: readEvent,
  accepted: ({ events: [event] }) => ({
    status: 200,
    body: {
      status: 'success',
      message: 'Event processed',
      incident_key: event && 'dedup_key' in event ? event.dedup_key : null,
    },
  }),
  refused: (refusal, path) => invalidEvent(refusal, path, 'Service key is invalid'),
  overload: { limited: 403, unavailable: 503 },
  bodyLimit: 524_288,
  secretFields: ['service_key'],
  paths: ['', '/generic/2010-04-15/create_event.json'],
  addresses: ['/generic/2010-04-15/create_event.json'],
  keyOf: (payload) => (isFields(payload) ? firstText(payload, 'service_key') : null),
})

function readEvent(body: Fields, { path, receivedAt, fresh }: Circumstances): Event {
  if (path === '' && !('event_type' in body)) throw new WrongBody('There is no “event_type” in it.')
  const errors = faultsOf(body)
  if (errors.length > 0) throw new WrongBody(`${errors.join('; ')}.`, 400, errors)
  const details = within(body, 'details')
  return composeEvent(
    {
      kind: TYPES.find((type) => type === body.event_type)!,
      dedupKey: firstText(body, 'incident_key') ?? fresh,
      severity: null,
      title: firstText(body, 'description'),
      labels: saidLabels({ client: body.client, ...details }),
      annotations: saidLabels({
        ...(typeof body.details === 'string' && { description: body.details }),
        ...shownBeside(body.contexts, body.contexts),
      }),
      link: firstText(body, 'client_url') ?? firstLink(body.contexts),
    },
    receivedAt,
  )
}

function faultsOf(body: Fields): string[] {
  const type = firstText(body, 'event_type')
  if (!TYPES.some((one) => one === type))
    return ['event_type is invalid (must be one of: trigger acknowledge resolve)']
  const key = firstText(body, 'incident_key')
  if (key !== null && key.length > KEY_LENGTH)
    return [`incident_key is too long (maximum is ${KEY_LENGTH} characters)`]
  if (type === 'trigger') return firstText(body, 'description') === null ? ["Description can't be blank"] : []
  return key === null ? ["Incident key can't be blank"] : []
}
