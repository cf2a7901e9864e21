import type { System } from '@tocsin/desk'
import type { Adapter } from './adapter.ts'
import { alertmanager } from './alertmanager.ts'
import { betterStack } from './better_stack.ts'
import { checkly } from './checkly.ts'
import { checkmk } from './checkmk.ts'
import { deadMansSnitch } from './dead_mans_snitch.ts'
import { events } from './events.ts'
import { goalertGeneric } from './goalert_generic.ts'
import { grafana } from './grafana.ts'
import { grafanaOncall } from './grafana_oncall.ts'
import { healthchecks } from './healthchecks.ts'
import { icinga2 } from './icinga2.ts'
import { icingaNotifications } from './icinga_notifications.ts'
import { kapacitor } from './kapacitor.ts'
import { nagios } from './nagios.ts'
import { opsgenieApi } from './opsgenie_api.ts'
import { opsgenieWebhook } from './opsgenie_webhook.ts'
import { pagerdutyEventsV1 } from './pagerduty_events_v1.ts'
import { pagerdutyEventsV2 } from './pagerduty_events_v2.ts'
import { pagerdutyWebhooksV1 } from './pagerduty_webhooks_v1.ts'
import { pagerdutyWebhooksV3 } from './pagerduty_webhooks_v3.ts'
import { pingdom } from './pingdom.ts'
import { prometheus } from './prometheus.ts'
import { riemann } from './riemann.ts'
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
  better_stack: betterStack,
  checkly,
  checkmk,
  dead_mans_snitch: deadMansSnitch,
  goalert_generic: goalertGeneric,
  grafana,
  grafana_oncall: grafanaOncall,
  healthchecks,
  icinga2,
  icinga_notifications: icingaNotifications,
  kapacitor,
  nagios,
  opsgenie_api: opsgenieApi,
  opsgenie_webhook: opsgenieWebhook,
  pagerduty_events_v1: pagerdutyEventsV1,
  pagerduty_events_v2: pagerdutyEventsV2,
  pagerduty_webhooks_v1: pagerdutyWebhooksV1,
  pagerduty_webhooks_v3: pagerdutyWebhooksV3,
  pingdom,
  riemann,
  sensu,
  splunk_oncall: splunkOncall,
  statuscake,
  uptime_com: uptimeCom,
  uptime_kuma: uptimeKuma,
  uptimerobot,
  zabbix,
}
