import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { kindOf } from './fields.ts'
import { saidLabels } from './labels.ts'

const KINDS: Record<string, Event['kind']> = {
  started: 'trigger',
  created: 'trigger',
  reopened: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
}

/** Better Stack's incidents, as JSON:API. An id is one outage; the monitor behind it is a relationship. */
export const betterStack = defineAdapter({
  expects:
    'a Better Stack incident {"event": "started"|"acknowledged"|"resolved", "data": {"id": "…", "attributes": { … }}}',
  readOne: readIncident,
})

function readIncident(body: Fields, { receivedAt, fresh }: Circumstances): Event {
  const data = within(body, 'data')
  const incident = within(data, 'attributes')
  const id = firstText(data, 'id')
  const isIncident = (firstText(data, 'type') ?? 'incident') === 'incident'
  // Some accounts write no event: then the incident's own instants say how far it is.
  const word =
    firstText(body, 'event') ??
    (incident.resolved_at ? 'resolved' : incident.acknowledged_at ? 'acknowledged' : 'started')
  const verb = word.toLowerCase().replace(/^incident[._ ]/, '')
  const kind = isIncident ? kindOf(KINDS, verb) : 'note'
  if (!('attributes' in data) || (id === null && kind !== 'note'))
    throw new WrongBody('There is no “data” with “id” and “attributes” in it.')
  const url = firstText(incident, 'url')
  return composeEvent(
    {
      kind,
      dedupKey: id ?? fresh,
      severity: firstText(incident, 'severity', 'urgency'),
      severityAs: kind === 'trigger' && !('severity' in incident) ? 'critical' : undefined,
      title: firstText(incident, 'name', 'cause') ?? url,
      resource: url,
      startsAt: incident.started_at,
      endsAt: kind === 'resolve' ? incident.resolved_at : null,
      labels: saidLabels({
        monitor: within(within(within(data, 'relationships'), 'monitor'), 'data').id,
        name: incident.name,
        cause: incident.cause,
        http_method: incident.http_method,
        team: incident.team_name,
        regions: incident.regions,
      }),
      annotations: saidLabels({ description: incident.cause, response: incident.response_content }),
      link: firstText(incident, 'origin_url') ?? url,
    },
    receivedAt,
  )
}
