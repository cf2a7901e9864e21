import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, WrongBody } from './adapter.ts'
import { saidLabels } from './labels.ts'

const KINDS: Record<string, Event['kind']> = {
  critical: 'trigger',
  warning: 'trigger',
  acknowledgement: 'acknowledge',
  acknowledged: 'acknowledge',
  recovery: 'resolve',
  resolved: 'resolve',
  // Only a line in the timeline, there as here.
  info: 'note',
}
const ADDRESS = '/integrations/generic/20131114/alert/*'
const KEY_SEGMENT = 5

/**
 * The REST endpoint of Splunk On-Call (once VictorOps), for senders of it. Only `message_type` is required; what
 * names no entity cannot be ended.
 */
export const splunkOncall = defineAdapter({
  expects:
    'a Splunk On-Call alert {"message_type": "CRITICAL"|"WARNING"|"INFO"|"ACKNOWLEDGEMENT"|"RECOVERY", "entity_id": "…"}',
  readOne: readAlert,
  accepted: ({ events: [event] }) => ({
    status: 200,
    body: { result: 'success', entity_id: event && 'dedup_key' in event ? event.dedup_key : null },
  }),
  refused: ({ status, detail }) => ({ status, body: { result: 'failure', messages: [detail] } }),
  paths: ['', ADDRESS, `${ADDRESS}/*`],
  addresses: [ADDRESS, `${ADDRESS}/*`],
  keyOf: (_payload, { path }) => path.split('/')[KEY_SEGMENT] ?? null,
})

function readAlert(body: Fields, { path, receivedAt, fresh }: Circumstances): Event {
  const type = firstText(body, 'message_type')
  if (type === null) throw new WrongBody('There is no “message_type” in it.')
  const word = type.trim().toLowerCase()
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined
  if (!kind) throw new WrongBody(`“message_type” is “${type.slice(0, 50)}”.`)
  const {
    message_type: _t,
    entity_id: _e,
    entity_display_name: _n,
    state_message: _m,
    state_start_time: _s,
    timestamp: _ts,
    ...rest
  } = body
  const began = body.state_start_time ?? body.timestamp
  return composeEvent(
    {
      kind,
      dedupKey: firstText(body, 'entity_id') ?? fresh,
      severity: type,
      severityAs: kind === 'resolve' ? 'ok' : undefined,
      title: firstText(body, 'entity_display_name', 'state_message', 'entity_id'),
      host: firstText(body, 'host_name', 'hostname', 'host'),
      startsAt: kind === 'trigger' ? began : null,
      endsAt: kind === 'resolve' ? began : null,
      labels: saidLabels({ ...rest, routing_key: path.split('/')[KEY_SEGMENT + 1] }),
      annotations: saidLabels({ description: body.state_message }),
      link: firstText(body, 'alert_url'),
    },
    receivedAt,
  )
}
