import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, WrongBody } from './adapter.ts'
import { identity, present } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { kindOfNotification, severityOfState } from './nagios-words.ts'
import { templateFields } from './template.ts'

const VARIABLE = /^\$[A-Z0-9_]*\$$/

/**
 * Checkmk by a notification script: the usual JSON, or its `NOTIFY_` variables under their own names. Downtimes
 * and acknowledgements are told with the state in them, so the type alone decides.
 */
export const checkmk = defineAdapter({
  expects: 'Checkmk’s notification variables: host, service, notification_type, … (with or without NOTIFY_)',
  readOne: (body, circumstances) => {
    const own = templateFields(VARIABLE, body)
    const plain = Object.entries(own).map(([name, value]) => [name.replace(/^notify/, ''), value] as const)
    return readNotification({ ...Object.fromEntries(plain), ...own }, circumstances)
  },
})

function readNotification(fields: Fields, { receivedAt, zone }: Circumstances): Event {
  const host = firstText(fields, 'host', 'hostname')
  const service = firstText(fields, 'service', 'servicedesc')
  const type = firstText(fields, 'notificationtype')
  const [, after] = (firstText(fields, 'event') ?? '').split('->')
  const state =
    (service ? firstText(fields, 'servicestate') : firstText(fields, 'hoststate')) ?? after?.trim() ?? null
  const word = firstText(fields, 'severity') ?? state ?? firstText(fields, 'status')
  const isOwn = type !== null || ['what', 'site', 'omdsite', 'checkcommand'].some((name) => name in fields)
  if (host === null || !isOwn || (type === null && word === null))
    throw new WrongBody('It has no host, or no notification type.')
  const kind = kindOfNotification(type, state ?? word)
  const at = writtenInstant(firstText(fields, 'shortdatetime', 'longdatetime'), zone)
  return composeEvent(
    {
      kind,
      dedupKey: identity(firstText(fields, 'site', 'omdsite'), host, service),
      severity: word,
      severityAs: severityIn(kind, word, state, firstText(fields, 'status')),
      title: firstText(fields, 'summary') ?? `${host}: ${service ?? 'host'}${state ? ` is ${state}` : ''}`,
      resource: service ?? host,
      service,
      host,
      startsAt: kind === 'trigger' ? at : null,
      endsAt: kind === 'resolve' ? at : null,
      labels: present({
        host,
        check: service,
        site: firstText(fields, 'site', 'omdsite'),
        address: firstText(fields, 'address', 'hostaddress'),
        command: firstText(fields, 'checkcommand', 'servicecheckcommand', 'hostcheckcommand'),
        notification_type: type,
      }),
      annotations: present({
        description: [
          firstText(fields, 'output', 'serviceoutput', 'hostoutput'),
          firstText(fields, 'longoutput', 'longserviceoutput', 'longhostoutput'),
        ]
          .filter((part) => part !== null)
          .join('\n'),
      }),
      link: firstText(fields, 'url'),
    },
    receivedAt,
  )
}

/** The usual script says “OK” of every host, also of one that is down: then its state says more. */
function severityIn(kind: Event['kind'], ...words: (string | null)[]) {
  const known = words.map(severityOfState).filter((severity) => severity !== undefined)
  return kind === 'resolve' ? 'ok' : (known.find((severity) => severity !== 'ok') ?? known[0])
}
