import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { saidLabels } from './labels.ts'
import { templateFields } from './template.ts'

const VARIABLE = /^\{\{.*\}\}$/

/**
 * Checkly's webhook, as its template stands when it is made. ALERT_DEGRADED is slow, not broken; what ends in
 * RECOVERY is over; a certificate's expiry is an alert beside the check's own.
 */
export const checkly = defineAdapter({
  expects: 'a Checkly webhook with “alert_type” (ALERT_FAILURE, ALERT_RECOVERY, …) and “check_id”',
  readOne: readAlert,
})

function readAlert(body: Fields, { receivedAt }: Circumstances): Event {
  const said = templateFields(VARIABLE, body)
  const type = firstText(said, 'alerttype')
  const name = firstText(said, 'checkname')
  const check = firstText(said, 'checkid') ?? name
  if (type === null || check === null || (isFields(body.check) && isFields(body.alert)))
    throw new WrongBody('There is no “alert_type”, or neither “check_id” nor “check_name” in it.')
  const recovered = type.endsWith('RECOVERY')
  const kind = recovered ? 'resolve' : type.startsWith('ALERT_') ? 'trigger' : 'note'
  const expires = type === 'ALERT_SSL'
  const slow = expires || type.endsWith('DEGRADED') || type.endsWith('DEGRADED_REMAIN')
  const link = firstText(said, 'link')
  return composeEvent(
    {
      kind,
      dedupKey: expires ? `ssl:${check}` : check,
      severity: type,
      severityAs: recovered ? 'ok' : kind === 'note' ? 'info' : slow ? 'warning' : 'critical',
      title: name ?? firstText(said, 'event', 'alerttitle'),
      resource: link,
      startsAt: kind === 'trigger' ? said.startedat : null,
      endsAt: recovered ? said.startedat : null,
      labels: saidLabels({
        check: name,
        check_type: said.checktype,
        group: said.groupname,
        location: said.runlocation,
        region: said.region,
        tags: said.tags,
        ssl_days_remaining: said.ssldaysremaining,
        ssl_domain: said.sslcheckdomain,
      }),
      annotations: saidLabels({
        summary: said.event,
        description: said.checkerrormessage,
        response: [said.apicheckresponsestatuscode, said.apicheckresponsestatustext],
      }),
      link,
    },
    receivedAt,
  )
}
