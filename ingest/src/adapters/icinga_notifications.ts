import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { listAt, present, textAt } from './fields.ts'

/**
 * Sources of Icinga Notifications (`/process-event`), the key as the source's password. Its tags are what an
 * object is; a renamed object is another one.
 */
export const icingaNotifications = defineAdapter({
  expects: 'an event of Icinga Notifications: an object with “tags”, and “severity” or a “type”',
  readOne: (body, { receivedAt }) => {
    const { tags } = body
    if (!isFields(tags) || Object.keys(tags).length === 0) throw new WrongBody('It has no “tags”.')
    const severity = firstText(body, 'severity')
    const type = firstText(body, 'type')
    if (severity === null && type === null) throw new WrongBody('It has neither “severity” nor “type”.')
    const host = firstText(tags, 'host')
    const service = firstText(tags, 'service')
    const sorted = Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return composeEvent(
      {
        kind: kindOf(type, severity),
        dedupKey: JSON.stringify(sorted),
        severity,
        title: firstText(body, 'name') ?? service ?? host,
        resource: service ?? host,
        service,
        host,
        labels: { ...tags, ...relations(body), ...present({ type }) },
        annotations: present({
          description: firstText(body, 'message'),
          author: firstText(body, 'username'),
        }),
        link: firstText(body, 'url'),
      },
      receivedAt,
    )
  },
  accepted: ({ receipt }) => ({ status: 202, body: { status: 'accepted', receipt } }),
  paths: ['', '/process-event'],
  addresses: ['/process-event'],
})

function kindOf(type: string | null, severity: string | null): Event['kind'] {
  if (type === 'acknowledgement-set') return 'acknowledge'
  if (type !== null && type !== 'state') return 'note'
  return severity?.toLowerCase() === 'ok' ? 'resolve' : 'trigger'
}

/** Groups and the owning host's variables, for rules to group by. */
function relations(body: Fields): Fields {
  const names = (path: string) =>
    listAt(body, path)
      .map((one) => textAt(one, 'name'))
      .filter((name) => name !== null)
      .join(',')
  return present({
    hostgroups: names('relations.hostgroups'),
    servicegroups: names('relations.servicegroups'),
    environment: textAt(body, 'relations.services.0.vars.env', 'relations.host.vars.env'),
    team: textAt(body, 'relations.services.0.vars.team', 'relations.host.vars.team'),
  })
}
