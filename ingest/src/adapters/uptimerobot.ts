import { composeEvent, type Event, type Unreadable, unreadable } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { identity } from './fields.ts'
import { saidLabels } from './labels.ts'
import { templateFields } from './template.ts'

const VARIABLE = /^\*\w+\*$/

/**
 * UptimeRobot: the query of a GET or a POST, a form, or JSON under names that its administrator chose.
 * Variables it does not know at the moment stay as they are: `*alertFriendlyDuration*`.
 */
export const uptimerobot = defineAdapter({
  expects: 'an UptimeRobot alert with “monitorID” or “monitorURL” and “monitorFriendlyName”, and “alertType”',
  readOne: readAlert,
  methods: ['POST', 'GET'],
})

function readAlert(body: Fields, { query, receivedAt }: Circumstances): Event | Unreadable {
  const said = templateFields(VARIABLE, body, query)
  const words = [
    firstText(said, 'alerttypefriendlyname'),
    firstText(said, 'alerttype', 'monitoralerttype', 'status'),
  ].filter((word) => word !== null)
  const name = firstText(said, 'monitorfriendlyname', 'monitorname', 'friendlyname')
  const url = firstText(said, 'monitorurl', 'url')
  const id = firstText(said, 'monitorid')
  if (isFields(body.monitor) || (id === null && url === null && name === null))
    throw new WrongBody('It names no monitor.')
  if (
    !['monitorid', 'monitorurl', 'monitorfriendlyname', 'alerttype', 'alerttypefriendlyname'].some(
      (own) => own in said,
    )
  )
    throw new WrongBody('Nothing in it is called as UptimeRobot calls it.')
  if (words.length === 0) return unreadable(body, '“alertType” is missing, or its variable was not replaced.')
  const kind = words.map(kindOf).find((one) => one !== 'note') ?? 'note'
  const expires = kind === 'expiry'
  const key = id ?? identity(url, name)
  return composeEvent(
    {
      kind: expires ? 'trigger' : kind,
      dedupKey: expires ? `expiry:${key}` : key,
      severity: firstText(said, 'severity'),
      severityAs: kind === 'trigger' ? 'critical' : kind === 'resolve' ? 'ok' : undefined,
      title: name ?? url,
      resource: url,
      startsAt: kind === 'trigger' || expires ? said.alertdatetime : null,
      endsAt: kind === 'resolve' ? said.alertdatetime : null,
      labels: saidLabels({
        monitor: name,
        alert_type: said.alerttypefriendlyname,
        tags: said.monitortags ?? said.tags,
        ssl_expires: said.sslexpirydate,
      }),
      annotations: saidLabels({ description: said.alertdetails, duration: said.alertfriendlyduration }),
      link: url,
    },
    receivedAt,
  )
}

function kindOf(word: string): 'trigger' | 'resolve' | 'expiry' | 'note' {
  if (/^(1|down)$/i.test(word)) return 'trigger'
  if (/^(2|up)$/i.test(word)) return 'resolve'
  return /^3$|expir|ssl|certificate/i.test(word) ? 'expiry' : 'note'
}
