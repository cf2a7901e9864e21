import type { System } from '@tocsin/desk'
import type { Adapter } from './adapter.ts'
import { alertaApi } from './alerta_api.ts'
import { alertmanager } from './alertmanager.ts'
import { betterStack } from './better_stack.ts'
import { checkly } from './checkly.ts'
import { checkmk } from './checkmk.ts'
import { deadMansSnitch } from './dead_mans_snitch.ts'
import { events } from './events.ts'
import { fail2ban } from './fail2ban.ts'
import { falco } from './falco.ts'
import { goalertGeneric } from './goalert_generic.ts'
import { grafana } from './grafana.ts'
import { grafanaOncall } from './grafana_oncall.ts'
import { graylog } from './graylog.ts'
import { healthchecks } from './healthchecks.ts'
import { honeybadger } from './honeybadger.ts'
import { icinga2 } from './icinga2.ts'
import { icingaNotifications } from './icinga_notifications.ts'
import { kapacitor } from './kapacitor.ts'
import { librenms } from './librenms.ts'
import { nagios } from './nagios.ts'
import { netdataCloud } from './netdata_cloud.ts'
import { opsgenieApi } from './opsgenie_api.ts'
import { opsgenieWebhook } from './opsgenie_webhook.ts'
import { pagerdutyEventsV1 } from './pagerduty_events_v1.ts'
import { pagerdutyEventsV2 } from './pagerduty_events_v2.ts'
import { pagerdutyWebhooksV1 } from './pagerduty_webhooks_v1.ts'
import { pagerdutyWebhooksV3 } from './pagerduty_webhooks_v3.ts'
import { pingdom } from './pingdom.ts'
import { prometheus } from './prometheus.ts'
import { prtg } from './prtg.ts'
import { riemann } from './riemann.ts'
import { rollbar } from './rollbar.ts'
import { sensu } from './sensu.ts'
import { splunkOncall } from './splunk_oncall.ts'
import { statuscake } from './statuscake.ts'
import { uptimeCom } from './uptime_com.ts'
import { uptimeKuma } from './uptime_kuma.ts'
import { uptimerobot } from './uptimerobot.ts'
import { zabbix } from './zabbix.ts'

/** Every system that has a door; the type says that none is missing. */
export const ADAPTERS: Record<System, Adapter> = {
  alertmanager,
  prometheus,
  events,
  alerta_api: alertaApi,
  better_stack: betterStack,
  checkly,
  checkmk,
  dead_mans_snitch: deadMansSnitch,
  fail2ban,
  falco,
  goalert_generic: goalertGeneric,
  grafana,
  grafana_oncall: grafanaOncall,
  graylog,
  healthchecks,
  honeybadger,
  icinga2,
  icinga_notifications: icingaNotifications,
  kapacitor,
  librenms,
  nagios,
  netdata_cloud: netdataCloud,
  opsgenie_api: opsgenieApi,
  opsgenie_webhook: opsgenieWebhook,
  pagerduty_events_v1: pagerdutyEventsV1,
  pagerduty_events_v2: pagerdutyEventsV2,
  pagerduty_webhooks_v1: pagerdutyWebhooksV1,
  pagerduty_webhooks_v3: pagerdutyWebhooksV3,
  pingdom,
  prtg,
  riemann,
  rollbar,
  sensu,
  splunk_oncall: splunkOncall,
  statuscake,
  uptime_com: uptimeCom,
  uptime_kuma: uptimeKuma,
  uptimerobot,
  zabbix,
}
