import type { System } from '@tocsin/desk'
import type { Adapter } from './adapter.ts'
import { alertaApi } from './alerta_api.ts'
import { alertmanager } from './alertmanager.ts'
import { alibabaCms } from './alibaba_cms.ts'
import { apexping } from './apexping.ts'
import { auvik } from './auvik.ts'
import { awsEventbridge } from './aws_eventbridge.ts'
import { awsSnsCloudwatch } from './aws_sns_cloudwatch.ts'
import { axiom } from './axiom.ts'
import { azureMonitor } from './azure_monitor.ts'
import { betterStack } from './better_stack.ts'
import { checkly } from './checkly.ts'
import { checkmk } from './checkmk.ts'
import { circleci } from './circleci.ts'
import { cloudevents } from './cloudevents.ts'
import { cloudflare } from './cloudflare.ts'
import { coralogix } from './coralogix.ts'
import { cronitor } from './cronitor.ts'
import { datadog } from './datadog.ts'
import { deadMansSnitch } from './dead_mans_snitch.ts'
import { dynatrace } from './dynatrace.ts'
import { email } from './email.ts'
import { events } from './events.ts'
import { fail2ban } from './fail2ban.ts'
import { falco } from './falco.ts'
import { flux } from './flux.ts'
import { gcpMonitoring } from './gcp_monitoring.ts'
import { githubActions } from './github_actions.ts'
import { gitlab } from './gitlab.ts'
import { goalertGeneric } from './goalert_generic.ts'
import { grafana } from './grafana.ts'
import { grafanaOncall } from './grafana_oncall.ts'
import { graylog } from './graylog.ts'
import { healthchecks } from './healthchecks.ts'
import { heartbeat } from './heartbeat.ts'
import { hetrixtools } from './hetrixtools.ts'
import { honeybadger } from './honeybadger.ts'
import { honeycomb } from './honeycomb.ts'
import { huaweiCes } from './huawei_ces.ts'
import { hyperping } from './hyperping.ts'
import { icinga2 } from './icinga2.ts'
import { icingaNotifications } from './icinga_notifications.ts'
import { jenkins } from './jenkins.ts'
import { kapacitor } from './kapacitor.ts'
import { kibana } from './kibana.ts'
import { librenms } from './librenms.ts'
import { logicmonitor } from './logicmonitor.ts'
import { mongodbAtlas } from './mongodb_atlas.ts'
import { nagios } from './nagios.ts'
import { netdataCloud } from './netdata_cloud.ts'
import { newrelic } from './newrelic.ts'
import { opsgenieApi } from './opsgenie_api.ts'
import { opsgenieWebhook } from './opsgenie_webhook.ts'
import { pagerdutyEventsV1 } from './pagerduty_events_v1.ts'
import { pagerdutyEventsV2 } from './pagerduty_events_v2.ts'
import { pagerdutyWebhooksV1 } from './pagerduty_webhooks_v1.ts'
import { pagerdutyWebhooksV3 } from './pagerduty_webhooks_v3.ts'
import { pingdom } from './pingdom.ts'
import { prometheus } from './prometheus.ts'
import { prtg } from './prtg.ts'
import { pulsetic } from './pulsetic.ts'
import { riemann } from './riemann.ts'
import { rollbar } from './rollbar.ts'
import { scom } from './scom.ts'
import { sensu } from './sensu.ts'
import { sentry } from './sentry.ts'
import { site24x7 } from './site24x7.ts'
import { skywalking } from './skywalking.ts'
import { solarwinds } from './solarwinds.ts'
import { splunk } from './splunk.ts'
import { splunkObservability } from './splunk_observability.ts'
import { splunkOncall } from './splunk_oncall.ts'
import { statuscake } from './statuscake.ts'
import { statusgator } from './statusgator.ts'
import { thousandeyes } from './thousandeyes.ts'
import { updown } from './updown.ts'
import { uptimeCom } from './uptime_com.ts'
import { uptimeKuma } from './uptime_kuma.ts'
import { uptimerobot } from './uptimerobot.ts'
import { vrealize } from './vrealize.ts'
import { webhook } from './webhook.ts'
import { zabbix } from './zabbix.ts'

/** Every system that has a door; the type says that none is missing. */
export const ADAPTERS: Record<System, Adapter> = {
  alertmanager,
  prometheus,
  events,
  alerta_api: alertaApi,
  alibaba_cms: alibabaCms,
  apexping,
  auvik,
  aws_eventbridge: awsEventbridge,
  aws_sns_cloudwatch: awsSnsCloudwatch,
  axiom,
  azure_monitor: azureMonitor,
  better_stack: betterStack,
  checkly,
  checkmk,
  circleci,
  cloudevents,
  cloudflare,
  coralogix,
  cronitor,
  datadog,
  dead_mans_snitch: deadMansSnitch,
  dynatrace,
  email,
  fail2ban,
  falco,
  flux,
  gcp_monitoring: gcpMonitoring,
  github_actions: githubActions,
  gitlab,
  goalert_generic: goalertGeneric,
  grafana,
  grafana_oncall: grafanaOncall,
  graylog,
  healthchecks,
  heartbeat,
  hetrixtools,
  honeybadger,
  honeycomb,
  huawei_ces: huaweiCes,
  hyperping,
  icinga2,
  icinga_notifications: icingaNotifications,
  jenkins,
  kapacitor,
  kibana,
  librenms,
  logicmonitor,
  mongodb_atlas: mongodbAtlas,
  nagios,
  netdata_cloud: netdataCloud,
  newrelic,
  opsgenie_api: opsgenieApi,
  opsgenie_webhook: opsgenieWebhook,
  pagerduty_events_v1: pagerdutyEventsV1,
  pagerduty_events_v2: pagerdutyEventsV2,
  pagerduty_webhooks_v1: pagerdutyWebhooksV1,
  pagerduty_webhooks_v3: pagerdutyWebhooksV3,
  pingdom,
  prtg,
  pulsetic,
  riemann,
  rollbar,
  scom,
  sensu,
  sentry,
  site24x7,
  skywalking,
  solarwinds,
  splunk,
  splunk_observability: splunkObservability,
  splunk_oncall: splunkOncall,
  statuscake,
  statusgator,
  thousandeyes,
  updown,
  uptime_com: uptimeCom,
  uptime_kuma: uptimeKuma,
  uptimerobot,
  vrealize,
  webhook,
  zabbix,
}
