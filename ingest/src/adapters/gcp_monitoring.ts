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
import { asFields, identity, kindOf, present, textAt } from './fields.ts'

const KINDS: Record<string, Event['kind']> = {
  open: 'trigger',
  acknowledged: 'acknowledge',
  closed: 'resolve',
}
const MACHINES = ['gce_instance', 'aws_ec2_instance', 'baremetalsolution.googleapis.com/Instance', 'k8s_node']

/** Google Cloud Monitoring's webhook, also as Pub/Sub pushes it, in base64 within an envelope. */
export const gcpMonitoring = defineAdapter({
  expects: 'a notification of Google Cloud Monitoring: an object with “incident” and “version”',
  readOne: (body, circumstances) => {
    const notification = isFields(body.incident) ? body : pushed(body)
    const incident = within(notification, 'incident')
    if (!firstText(incident, 'incident_id', 'state'))
      throw new WrongBody('There is no “incident” with a state in it.')
    return readIncident(incident, firstText(notification, 'version'), circumstances)
  },
})

function pushed(body: Fields): Fields {
  const data = textAt(body, 'message.data')
  return data ? asFields(Buffer.from(data, 'base64').toString('utf8')) : {}
}

function readIncident(incident: Fields, version: string | null, { receivedAt }: Circumstances): Event {
  const state = firstText(incident, 'state')?.toLowerCase() ?? ''
  const kind = version === 'test' ? 'test' : kindOf(KINDS, state)
  const type = textAt(incident, 'resource.type')
  const condition = firstText(incident, 'condition_name') ?? textAt(incident, 'condition.displayName')
  const policy = firstText(incident, 'policy_name')
  // Where the resource is described, its older name is a sentence made of the description.
  const resource =
    firstText(incident, 'resource_display_name') ??
    (type === null ? firstText(incident, 'resource_name') : null)
  const documentation = textAt(incident, 'documentation.content', 'documentation')
  return composeEvent(
    {
      kind,
      dedupKey: firstText(incident, 'incident_id') ?? identity(policy, condition, resource),
      severity: firstText(incident, 'severity'),
      title: condition ?? policy ?? firstText(incident, 'summary'),
      resource,
      service: policy,
      host: type === null || MACHINES.includes(type) ? resource : null,
      startsAt: incident.started_at,
      endsAt: kind === 'resolve' ? incident.ended_at : null,
      labels: present({
        ...within(within(incident, 'resource'), 'labels'),
        ...within(within(incident, 'metadata'), 'user_labels'),
        ...within(incident, 'policy_user_labels'),
        alertname: condition,
        policy,
        resource_type: type,
        project: incident.scoping_project_id,
        metric: textAt(incident, 'metric.type'),
      }),
      annotations: present({ description: incident.summary, documentation }),
      link: incident.url,
    },
    receivedAt,
  )
}
