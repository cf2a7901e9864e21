import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { present } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const kindOfType = vocabulary<Event['kind']>({
  trigger: 'trigger',
  resolve: 'resolve',
  acknowledge: 'acknowledge',
})

export const isFromAgent = (body: Fields): boolean => 'event_type' in body && 'incident_key' in body

/**
 * What PagerDuty's agent sends on for Nagios and Zabbix: its Events API v1, with the sender's own words in
 * `details`. Those stay as they were when it recovers, so only `event_type` says what happened.
 */
export function readFromAgent(
  body: Fields,
  { receivedAt }: Circumstances,
  words: (details: Fields) => {
    severity: string | null
    resource: string | null
    service: string | null
    host: string | null
  },
): Event {
  const key = firstText(body, 'incident_key')
  const kind = kindOfType(firstText(body, 'event_type'))
  if (key === null) throw new WrongBody('“incident_key” is empty.')
  if (!kind) throw new WrongBody('“event_type” must be trigger, acknowledge or resolve.')
  const details = within(body, 'details')
  const { host, ...said } = words(details)
  if (host === null) throw new WrongBody('Its “details” name no host.')
  return composeEvent(
    {
      kind,
      dedupKey: key,
      title: firstText(body, 'description') ?? key,
      ...said,
      host,
      labels: present(details),
      link: firstText(body, 'client_url'),
    },
    receivedAt,
  )
}
