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
import { identity, present } from './fields.ts'
import { hmac } from './signature.ts'

/** Splunk Observability (SignalFx). Anything but “anomalous” ends it: ok, resolved by hand, a detector that was stopped. */
export const splunkObservability = defineAdapter({
  expects: 'a webhook of Splunk Observability: “incidentId” with “detector” and “status”',
  signature: hmac({ header: 'x-sfx-signature', encoding: 'base64' }),
  readOne: (body, circumstances) => {
    if (!firstText(body, 'incidentId') || !firstText(body, 'status', 'statusExtended'))
      throw new WrongBody('There is no “incidentId” with a “status” in it.')
    return readIncident(body, circumstances)
  },
})

function readIncident(body: Fields, { receivedAt }: Circumstances): Event {
  const status = firstText(body, 'statusExtended', 'status')
  const firing = status?.toLowerCase() === 'anomalous'
  const detector = firstText(body, 'detector')
  const rule = firstText(body, 'rule')
  const dimensions: Fields = Object.assign(
    {},
    ...Object.values(within(body, 'inputs')).map((input) =>
      isFields(input) ? within(input, 'dimensions') : {},
    ),
    within(body, 'dimensions'),
  )
  return composeEvent(
    {
      kind: firing ? 'trigger' : 'resolve',
      dedupKey: firstText(body, 'incidentId') ?? identity(detector, rule),
      severity: firstText(body, 'severity'),
      title:
        rule ??
        firstText(body, 'messageTitle', 'eventType') ??
        firstText(body, 'messageBody')?.split('\n', 1)[0] ??
        detector,
      service: detector,
      host: firstText(dimensions, 'host', 'host.name', 'hostname'),
      startsAt: firing ? body.timestamp : null,
      endsAt: firing ? null : body.timestamp,
      labels: present({
        ...dimensions,
        alertname: rule,
        detector,
        event_type: body.eventType,
      }),
      annotations: present({
        description: firstText(body, 'messageBody', 'description'),
        condition: body.detectOnCondition,
        status,
        runbook: body.runbookUrl,
      }),
      link: firstText(body, 'detectorUrl'),
    },
    receivedAt,
  )
}
