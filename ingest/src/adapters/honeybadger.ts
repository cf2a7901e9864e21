import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { identity, listAt, present, textAt, valueAt } from './fields.ts'
import { sharedToken } from './signature.ts'
import { vocabulary } from './vocabulary.ts'

const kindOfEvent = vocabulary<Event['kind']>({
  occurred: 'trigger',
  rate_exceeded: 'trigger',
  volume_spike: 'trigger',
  unresolved: 'trigger',
  resolved: 'resolve',
  down: 'trigger',
  up: 'resolve',
  cert_will_expire: 'trigger',
  check_in_missing: 'trigger',
  check_in_reporting: 'resolve',
  alarm_alert: 'trigger',
  alarm_ok: 'resolve',
  deployed: 'change',
})

/** Honeybadger’s webhook: faults, sites that are down, check-ins that are missing and alarms; `event` says which. */
export const honeybadger = defineAdapter({
  expects:
    'a Honeybadger webhook: an object with “event” and “project”, and “fault”, “site”, “check_in” or “alarm”',
  readOne: (body, { receivedAt }) => {
    const event = firstText(body, 'event')
    const about = ['fault', 'site', 'check_in', 'alarm', 'deploy'].some((name) => isFields(body[name]))
    if (event === null || !(about || isFields(body.project)))
      throw new WrongBody('It has no “event”, or nothing that it is about.')
    const own = subjectOf(body, event)
    const project = textAt(body, 'project.name')
    return composeEvent(
      {
        kind: kindOfEvent(event) ?? 'note',
        severity: null,
        service: project,
        ...own,
        title: own.title ?? firstText(body, 'message') ?? event,
        labels: present({
          event,
          project,
          environment: textAt(body, 'fault.environment', 'deploy.environment'),
          component: textAt(body, 'fault.component'),
          tags: listAt(body, 'fault.tags').join(','),
        }),
        annotations: present({ description: firstText(body, 'message') }),
      },
      receivedAt,
    )
  },
  signature: sharedToken('honeybadger-token'),
  secretFields: ['token'],
})

/** What it is about: one key for its firing and its recovery. A certificate is not the site's being down. */
function subjectOf(body: Fields, event: string) {
  if (isFields(body.fault))
    return {
      dedupKey: identity('fault', textAt(body, 'fault.id')),
      title: textAt(body, 'fault.klass'),
      resource: textAt(body, 'fault.environment'),
      startsAt: valueAt(body, 'fault.created_at'),
      link: textAt(body, 'fault.url'),
    }
  if (isFields(body.site))
    return {
      dedupKey: identity(event === 'cert_will_expire' ? 'certificate' : 'site', textAt(body, 'site.id')),
      title: event === 'cert_will_expire' ? null : textAt(body, 'site.name'),
      resource: textAt(body, 'site.url'),
      startsAt: valueAt(body, 'outage.down_at'),
      endsAt: event === 'up' ? valueAt(body, 'outage.up_at') : null,
      link: textAt(body, 'outage.details_url', 'site.details_url'),
    }
  if (isFields(body.check_in))
    return {
      dedupKey: identity('check_in', textAt(body, 'check_in.id')),
      title: textAt(body, 'check_in.name'),
      resource: textAt(body, 'check_in.name'),
      startsAt: event === 'check_in_missing' ? valueAt(body, 'check_in.expected_at') : null,
      endsAt: event === 'check_in_reporting' ? valueAt(body, 'check_in.reported_at') : null,
      link: textAt(body, 'check_in.details_url'),
    }
  if (isFields(body.alarm))
    return {
      dedupKey: identity('alarm', textAt(body, 'alarm.id', 'alarm.name')),
      title: textAt(body, 'alarm.name'),
      link: textAt(body, 'alarm.details_url', 'alarm.url'),
    }
  return { dedupKey: identity(event, textAt(body, 'project.id'), textAt(body, 'deploy.id')), title: null }
}
