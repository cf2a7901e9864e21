import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { identity, listAt, present } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const severityOfWord = vocabulary<Event['severity']>({
  security: 'critical',
  critical: 'critical',
  major: 'error',
  minor: 'warning',
  warning: 'warning',
  indeterminate: 'warning',
  informational: 'info',
  debug: 'info',
  trace: 'info',
  cleared: 'ok',
  normal: 'ok',
  ok: 'ok',
})

/** Senders of Alerta’s API: `POST /alert`, and heartbeats. */
export const alertaApi = defineAdapter({
  expects: 'an Alerta alert: an object with “resource” and “event”',
  readOne: (body, circumstances) =>
    circumstances.path.endsWith('/heartbeat') || body.type === 'Heartbeat'
      ? readHeartbeat(body, circumstances)
      : readAlert(body, circumstances),
  accepted: ({ receipt }) => ({ status: 200, body: { status: 'ok', id: receipt } }),
  refused: ({ status, detail }) => ({ status, body: { status: 'error', message: detail } }),
  paths: ['', '/alert', '/api/alert', '/heartbeat', '/api/heartbeat'],
  keyOf: (_payload, { headers, query }) =>
    headers['x-api-key'] ??
    /^key +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ??
    query['api-key'] ??
    null,
})

function readAlert(body: Fields, { receivedAt }: Circumstances): Event {
  const resource = firstText(body, 'resource')
  const event = firstText(body, 'event')
  if (resource === null || event === null) throw new WrongBody('It has no “resource” or no “event”.')
  const severity = firstText(body, 'severity')
  const severityAs = severityOfWord(severity)
  const environment = firstText(body, 'environment')
  const [service = null] = listAt(body, 'service').filter((one) => typeof one === 'string')
  const isOver = severityAs === 'ok' || body.status === 'closed'
  return composeEvent(
    {
      kind: isOver ? 'resolve' : body.status === 'ack' ? 'acknowledge' : 'trigger',
      dedupKey: identity(environment, resource, ...eventNames(body, event)),
      severity,
      severityAs,
      title: event,
      resource,
      service,
      host: firstText(within(body, 'attributes'), 'host', 'hostname'),
      startsAt: isOver ? null : body.createTime,
      endsAt: isOver ? body.createTime : null,
      labels: {
        ...within(body, 'attributes'),
        ...present({
          environment,
          event,
          group: body.group,
          origin: body.origin,
          customer: body.customer,
          services: listAt(body, 'service').join(','),
          tags: listAt(body, 'tags').join(','),
        }),
      },
      annotations: present({ description: firstText(body, 'text'), value: firstText(body, 'value') }),
      link: firstText(within(body, 'attributes'), 'moreInfo', 'url'),
    },
    receivedAt,
  )
}

/**
 * Events that correlate replace one another: node_up ends what node_down began, so together they are one alert,
 * whichever of them speaks and in whatever order it lists the others.
 */
const eventNames = (body: Fields, event: string): string[] =>
  [...new Set([event, ...listAt(body, 'correlate').filter((name) => typeof name === 'string')])].toSorted()

function readHeartbeat(body: Fields, { receivedAt }: Circumstances): Event {
  const origin = firstText(body, 'origin') ?? 'heartbeat'
  return composeEvent(
    {
      kind: 'ping',
      dedupKey: identity('heartbeat', origin),
      severity: null,
      severityAs: 'ok',
      title: origin,
      labels: present({ origin, tags: listAt(body, 'tags').join(',') }),
    },
    receivedAt,
  )
}
