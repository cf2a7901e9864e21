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
import { identity, listAt, present, textAt } from './fields.ts'

/**
 * HetrixTools: one body for a site's going and coming, one for a server's resources, which never ends, and a list
 * for addresses on blacklists, each well once it stands on none.
 */
export const hetrixtools = defineAdapter({
  expects:
    'a HetrixTools webhook: an object with “monitor_id”, or a list of addresses with “blacklisted_now”',
  elements: (payload) => {
    if (isFields(payload) && firstText(payload, 'monitor_id') !== null) return [payload]
    if (Array.isArray(payload) && payload.some((one) => isFields(one) && 'blacklisted_now' in one))
      return payload
    throw new WrongBody('It has neither “monitor_id” nor “blacklisted_now”.')
  },
  readOne: (body, circumstances) =>
    'blacklisted_now' in body || !('monitor_id' in body)
      ? readAddress(body, circumstances)
      : readMonitor(body, circumstances),
})

function readMonitor(body: Fields, { receivedAt }: Circumstances): Event {
  const status = firstText(body, 'monitor_status')
  const usage = textAt(body, 'resource_usage.resource_type')
  const kind = status === 'online' ? 'resolve' : status === 'offline' || usage !== null ? 'trigger' : 'note'
  const errors = Object.entries(within(body, 'monitor_errors')).map(
    ([place, error]) => `${place}: ${String(error)}`,
  )
  return composeEvent(
    {
      kind,
      dedupKey: identity(firstText(body, 'monitor_id'), ...(usage === null ? [] : [usage])),
      severity: status,
      severityAs: kind === 'resolve' ? 'ok' : usage === null && kind === 'trigger' ? 'critical' : undefined,
      title: firstText(body, 'monitor_name', 'monitor_target'),
      resource: firstText(body, 'monitor_target') ?? usage,
      startsAt: kind === 'trigger' ? body.timestamp : null,
      endsAt: kind === 'resolve' ? body.timestamp : null,
      labels: present({
        monitor: body.monitor_name,
        type: body.monitor_type,
        category: body.monitor_category,
        resource: usage,
      }),
      annotations: present({
        description: errors.join('\n'),
        current: textAt(body, 'resource_usage.current_usage'),
        average: textAt(body, 'resource_usage.average_usage'),
      }),
    },
    receivedAt,
  )
}

function readAddress(body: Fields, { receivedAt }: Circumstances): Event | Unreadable {
  const address = firstText(body, 'monitor')
  const now = firstText(body, 'blacklisted_now')
  if (address === null || now === null)
    return unreadable(body, 'It has no “monitor” or no “blacklisted_now”.')
  const lists = listAt(body, 'blacklisted_on')
    .map((one) => textAt(one, 'rbl'))
    .filter((rbl) => rbl !== null)
  return composeEvent(
    {
      kind: now === '0' ? 'resolve' : 'trigger',
      dedupKey: identity('blacklist', address),
      severity: null,
      title: `${address} is on ${now} blacklists`,
      resource: address,
      host: null,
      labels: present({ address, label: body.label }),
      annotations: present({ description: lists.join('\n') }),
      link: textAt(body, 'links.report_link'),
    },
    receivedAt,
  )
}
