import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { saidLabels } from './labels.ts'

/** Uptime.com's postback. Alerts have an id per message; the check (`service.id`) is what stays. */
export const uptimeCom = defineAdapter({
  expects: 'an Uptime.com postback {"data": {"service": {"id": …}, "alert": {"state": "…", "is_up": false}}}',
  readOne: readAlert,
})

function readAlert(body: Fields, { receivedAt }: Circumstances): Event {
  const data = within(body, 'data')
  const check = within(data, 'service')
  const alert = within(data, 'alert')
  const overall = within(data, 'global_alert_state')
  const device = within(data, 'device')
  const id = firstText(check, 'id')
  const state = firstText(alert, 'state')
  const isUp = alert.is_up ?? overall.state_is_up ?? (state === null ? undefined : /^ok$/i.test(state))
  if (id === null || isUp === undefined)
    throw new WrongBody('There is no “data.service.id” or no “data.alert” in it.')
  const kind = overall.ignored === true ? 'note' : isUp === true || isUp === 'true' ? 'resolve' : 'trigger'
  const name = firstText(check, 'name', 'display_name', 'short_name')
  return composeEvent(
    {
      kind,
      dedupKey: id,
      severity: state,
      severityAs: kind === 'resolve' ? 'ok' : undefined,
      title: firstText(check, 'display_name', 'name', 'short_name'),
      resource: firstText(check, 'msp_address'),
      service: name,
      host: firstText(device, 'address', 'name'),
      startsAt: kind === 'trigger' ? data.date : null,
      endsAt: kind === 'resolve' ? data.date : null,
      labels: saidLabels({
        service: name,
        type: check.monitoring_service_type,
        tags: check.tags,
        locations: data.locations,
        account: within(data, 'account').name,
      }),
      annotations: saidLabels({
        summary: alert.short_output,
        description: alert.output ?? alert.short_output,
      }),
      link: firstText(within(data, 'links'), 'alert_details', 'real_time_analysis'),
    },
    receivedAt,
  )
}
