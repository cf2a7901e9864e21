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

const ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const
const SEVERITIES = ['critical', 'error', 'warning', 'info']
const CHANGES = '/v2/change/enqueue'

/**
 * PagerDuty's Events API v2, for senders of it: alerts, and changes at an address of their own. A recovery has no
 * payload. A trigger without a key gets one, which the answer tells, and is an alert by itself.
 */
export const pagerdutyEventsV2 = defineAdapter({
  expects: 'a PagerDuty event {"routing_key": "…", "event_action": "trigger", "payload": { … }}',
  readOne: readEvent,
  accepted: ({ events: [event] }) => ({
    status: 202,
    body:
      event?.kind === 'change'
        ? { status: 'success', message: 'Change event processed' }
        : {
            status: 'success',
            message: 'Event processed',
            dedup_key: event && 'dedup_key' in event ? event.dedup_key : null,
          },
  }),
  refused: (refusal, path) => invalidEvent(refusal, path, 'Invalid routing key'),
  overload: { limited: 429, unavailable: 503 },
  bodyLimit: 524_288,
  secretFields: ['routing_key'],
  paths: ['', '/v2/enqueue', CHANGES],
  addresses: ['/v2/enqueue', CHANGES],
  keyOf: (payload, { headers }) =>
    (isFields(payload) ? firstText(payload, 'routing_key') : null) ?? headers['x-routing-key'] ?? null,
})

function readEvent(body: Fields, { path, receivedAt, fresh }: Circumstances): Event {
  const own = path === ''
  if (own && !('event_action' in body) && !('payload' in body))
    throw new WrongBody('It has neither “event_action” nor “payload”.', 422, [
      "'event_action' is missing or blank",
    ])
  const isChange =
    path === CHANGES || (own && !('event_action' in body) && !('severity' in within(body, 'payload')))
  const errors = faultsOf(body, isChange)
  if (errors.length > 0) throw new WrongBody(`${errors.join('; ')}.`, 400, errors)

  const payload = within(body, 'payload')
  const action = ACTIONS.find((one) => one === body.event_action) ?? 'trigger'
  const component = firstText(payload, 'component')
  return composeEvent(
    {
      kind: isChange ? 'change' : action,
      dedupKey: (isChange ? null : firstText(body, 'dedup_key')) ?? fresh,
      severity: firstText(payload, 'severity'),
      severityAs: isChange ? 'info' : undefined,
      title: firstText(payload, 'summary'),
      resource: firstText(payload, 'source'),
      service: component,
      startsAt: action === 'resolve' ? null : payload.timestamp,
      endsAt: action === 'resolve' ? payload.timestamp : null,
      labels: {
        ...saidLabels({ group: payload.group, class: payload.class, component, client: body.client }),
        ...saidLabels(within(payload, 'custom_details')),
      },
      annotations: saidLabels({
        ...(typeof payload.custom_details === 'string' && { description: payload.custom_details }),
        ...shownBeside(body.links, body.images),
      }),
      link: firstText(body, 'client_url') ?? firstLink(body.links),
    },
    receivedAt,
  )
}

/** What PagerDuty would say of each field; its own form of words. */
function faultsOf(body: Fields, isChange: boolean): string[] {
  const payload = within(body, 'payload')
  const missing = (fields: Fields, prefix: string, ...names: string[]) =>
    names
      .filter((name) => firstText(fields, name) === null)
      .map((name) => `'${prefix}${name}' is missing or blank`)
  const key = firstText(body, 'dedup_key')
  const long =
    key !== null && key.length > KEY_LENGTH
      ? [`'dedup_key' is too long (maximum is ${KEY_LENGTH} characters)`]
      : []
  if (isChange)
    return 'payload' in body && isFields(body.payload)
      ? missing(payload, 'payload.', 'summary')
      : ["'payload' is missing or blank"]
  const action = firstText(body, 'event_action')
  if (action === null) return ["'event_action' is missing or blank", ...long]
  if (!ACTIONS.some((one) => one === action))
    return ["'event_action' is invalid (must be one of: 'trigger', 'acknowledge' or 'resolve')", ...long]
  if (action !== 'trigger') return [...missing(body, '', 'dedup_key'), ...long]
  if (!isFields(body.payload)) return ["'payload' is missing or blank", ...long]
  const severity = firstText(payload, 'severity')
  return [
    ...long,
    ...missing(payload, 'payload.', 'summary', 'source', 'severity'),
    ...(severity !== null && !SEVERITIES.includes(severity.toLowerCase())
      ? ["'payload.severity' is invalid (must be one of: 'critical', 'warning', 'error' or 'info')"]
      : []),
  ]
}
