import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { identity, present, textAt } from './fields.ts'
import { sharedToken } from './signature.ts'

/** Cloudflare's notifications. Most kinds never end; those that do say so by an event or by the new health. */
export const cloudflare = defineAdapter({
  expects: 'a notification of Cloudflare: “text” with “alert_type” and “policy_id”',
  signature: sharedToken('cf-webhook-auth'),
  readOne: (body, circumstances) => {
    const test = isTest(body)
    if (!test && !(firstText(body, 'alert_type', 'policy_id') && firstText(body, 'text')))
      throw new WrongBody('There is no “alert_type” in it, and it is not the test message.')
    return readNotification(body, test, circumstances)
  },
})

/** What is sent when the destination is saved: words, and no policy. */
const isTest = (body: Fields): boolean =>
  !firstText(body, 'alert_type', 'policy_id') &&
  /test/i.test(firstText(body, 'text') ?? '') &&
  ('data' in body || /cloudflare|webhook/i.test(firstText(body, 'text') ?? ''))

const WELL = /(^|[_ -])(healthy|resolved|recovered|ok|up|closed|completed)$/i
const NOTED =
  /^(maintenance_event_notification|web_analytics_|weekly_|billing_|scriptmonitor_|pages_event_alert)/

function kindOf(body: Fields, data: Fields): Event['kind'] {
  if (NOTED.test(firstText(body, 'alert_type') ?? '')) return 'note'
  if (firstText(body, 'alert_event')?.endsWith('_END')) return 'resolve'
  const health = firstText(data, 'new_health', 'new_status', 'status', 'state', 'incident_status') ?? ''
  return WELL.test(health) ? 'resolve' : 'trigger'
}

function readNotification(body: Fields, test: boolean, { receivedAt }: Circumstances): Event {
  const data = within(body, 'data')
  const kind = test ? 'test' : kindOf(body, data)
  const text = firstText(body, 'text')
  const one =
    firstText(body, 'alert_correlation_id') ?? firstText(data, 'health_check_id', 'pool_id', 'tunnel_id')
  const ends = kind === 'resolve'
  return composeEvent(
    {
      kind,
      dedupKey: identity(firstText(body, 'policy_id'), firstText(body, 'alert_type'), ...(one ? [one] : [])),
      severity: firstText(data, 'severity'),
      title: text?.split('\n', 1)[0] ?? null,
      resource:
        textAt(data, 'unreachable_zones.0.zone_name', 'zone_name', 'zones.0.name', 'zones.0', 'zone.name') ??
        firstText(data, 'health_check_name', 'pool_name', 'tunnel_name', 'target_hostname', 'name'),
      host: textAt(data, 'unreachable_zones.0.host', 'origin', 'target_ip'),
      startsAt: ends ? null : body.ts,
      endsAt: ends ? body.ts : null,
      labels: present({
        alert_type: body.alert_type,
        policy: body.policy_name,
        account: body.account_id,
        webhook: body.name,
      }),
      annotations: present({ description: text }),
      link: firstText(data, 'dashboard_link', 'link', 'url'),
    },
    receivedAt,
  )
}
