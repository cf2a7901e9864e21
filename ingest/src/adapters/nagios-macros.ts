import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, type Fields, firstText, WrongBody } from './adapter.ts'
import { identity, present } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { kindOfNotification, severityOfState } from './nagios-words.ts'

/**
 * A notification out of the macros of Nagios, or the environment of Icinga's scripts, under their own names
 * (`$SERVICEDESC$`, `SERVICEDESC`, `service_desc`), as JSON, form or address. `fields`: see `templateFields`.
 */
export function readMacros(fields: Fields, { receivedAt, zone }: Circumstances): Event {
  const host = firstText(fields, 'hostname')
  const service = firstText(fields, 'servicedesc', 'servicedescription', 'servicename', 'service')
  if (host === null) throw new WrongBody('It has no host name.')
  const state = service
    ? firstText(fields, 'servicestate', 'servicestateid')
    : firstText(fields, 'hoststate', 'hoststateid')
  const type = firstText(fields, 'notificationtype')
  if (type === null && state === null) throw new WrongBody('It has neither a notification type nor a state.')
  const kind = kindOfNotification(type, state)
  const output = service
    ? firstText(fields, 'serviceoutput', 'output')
    : firstText(fields, 'hostoutput', 'output')
  const shown = service ?? 'host'
  const at =
    firstText(fields, 'timet') ??
    writtenInstant(firstText(fields, 'longdatetime', 'icingalongdatetime'), zone)
  return composeEvent(
    {
      kind,
      dedupKey: identity(host, service),
      severity: state,
      severityAs: severityOfState(state),
      title:
        firstText(fields, 'servicedisplayname') ??
        (state ? `${host}: ${shown} is ${state}` : `${host}: ${shown}`),
      resource: service ?? host,
      service,
      host,
      startsAt: kind === 'trigger' ? at : null,
      endsAt: kind === 'resolve' ? at : null,
      labels: present({
        host,
        check: service,
        address: firstText(fields, 'hostaddress', 'hostaddress4'),
        hostgroup: firstText(fields, 'hostgroupname', 'hostgroup'),
        servicegroup: firstText(fields, 'servicegroupname', 'servicegroup'),
        notification_type: type,
      }),
      annotations: present({
        description: [output, firstText(fields, 'longserviceoutput', 'longhostoutput', 'longoutput')]
          .filter((part) => part !== null)
          .join('\n'),
        comment: firstText(fields, 'notificationcomment', 'comment'),
        author: firstText(fields, 'notificationauthor', 'notificationauthorname', 'author'),
      }),
      link: firstText(fields, 'serviceactionurl', 'hostactionurl', 'notesurl', 'url'),
    },
    receivedAt,
  )
}
