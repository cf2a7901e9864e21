import type { Sender } from './sender.ts'
import { alertaApi } from './senders/alerta_api.ts'
import { alertmanager } from './senders/alertmanager.ts'
import { alibabaCms } from './senders/alibaba_cms.ts'
import { apexping } from './senders/apexping.ts'
import { auvik } from './senders/auvik.ts'
import { awsEventbridge } from './senders/aws_eventbridge.ts'
import { awsSnsCloudwatch } from './senders/aws_sns_cloudwatch.ts'
import { axiom } from './senders/axiom.ts'
import { azureMonitor } from './senders/azure_monitor.ts'
import { betterStack } from './senders/better_stack.ts'
import { checkly } from './senders/checkly.ts'
import { checkmk } from './senders/checkmk.ts'
import { circleci } from './senders/circleci.ts'
import { cloudevents } from './senders/cloudevents.ts'
import { cloudflare } from './senders/cloudflare.ts'
import { coralogix } from './senders/coralogix.ts'
import { cronitor } from './senders/cronitor.ts'
import { datadog } from './senders/datadog.ts'
import { deadMansSnitch } from './senders/dead_mans_snitch.ts'
import { dynatrace } from './senders/dynatrace.ts'
import { email } from './senders/email.ts'
import { events } from './senders/events.ts'
import { fail2ban } from './senders/fail2ban.ts'
import { falco } from './senders/falco.ts'
import { flux } from './senders/flux.ts'
import { gcpMonitoring } from './senders/gcp_monitoring.ts'
import { githubActions } from './senders/github_actions.ts'
import { gitlab } from './senders/gitlab.ts'
import { goalertGeneric } from './senders/goalert_generic.ts'
import { grafana } from './senders/grafana.ts'
import { grafanaOncall } from './senders/grafana_oncall.ts'
import { graylog } from './senders/graylog.ts'
import { healthchecks } from './senders/healthchecks.ts'
import { heartbeat } from './senders/heartbeat.ts'
import { hetrixtools } from './senders/hetrixtools.ts'
import { honeybadger } from './senders/honeybadger.ts'
import { honeycomb } from './senders/honeycomb.ts'
import { huaweiCes } from './senders/huawei_ces.ts'
import { hyperping } from './senders/hyperping.ts'
import { icinga2 } from './senders/icinga2.ts'
import { icingaNotifications } from './senders/icinga_notifications.ts'
import { jenkins } from './senders/jenkins.ts'
import { kapacitor } from './senders/kapacitor.ts'
import { kibana } from './senders/kibana.ts'
import { librenms } from './senders/librenms.ts'
import { logicmonitor } from './senders/logicmonitor.ts'
import { mongodbAtlas } from './senders/mongodb_atlas.ts'
import { nagios } from './senders/nagios.ts'
import { netdataCloud } from './senders/netdata_cloud.ts'
import { newrelic } from './senders/newrelic.ts'
import { opsgenieApi } from './senders/opsgenie_api.ts'
import { opsgenieWebhook } from './senders/opsgenie_webhook.ts'
import { pagerdutyEventsV1 } from './senders/pagerduty_events_v1.ts'
import { pagerdutyEventsV2 } from './senders/pagerduty_events_v2.ts'
import { pagerdutyWebhooksV1 } from './senders/pagerduty_webhooks_v1.ts'
import { pagerdutyWebhooksV3 } from './senders/pagerduty_webhooks_v3.ts'
import { pingdom } from './senders/pingdom.ts'
import { prometheus } from './senders/prometheus.ts'
import { prtg } from './senders/prtg.ts'
import { pulsetic } from './senders/pulsetic.ts'
import { riemann } from './senders/riemann.ts'
import { rollbar } from './senders/rollbar.ts'
import { scom } from './senders/scom.ts'
import { sensu } from './senders/sensu.ts'
import { sentry } from './senders/sentry.ts'
import { site24x7 } from './senders/site24x7.ts'
import { skywalking } from './senders/skywalking.ts'
import { solarwinds } from './senders/solarwinds.ts'
import { splunk } from './senders/splunk.ts'
import { splunkObservability } from './senders/splunk_observability.ts'
import { splunkOncall } from './senders/splunk_oncall.ts'
import { statuscake } from './senders/statuscake.ts'
import { statusgator } from './senders/statusgator.ts'
import { thousandeyes } from './senders/thousandeyes.ts'
import { updown } from './senders/updown.ts'
import { uptimeCom } from './senders/uptime_com.ts'
import { uptimeKuma } from './senders/uptime_kuma.ts'
import { uptimerobot } from './senders/uptimerobot.ts'
import { vrealize } from './senders/vrealize.ts'
import { webhook } from './senders/webhook.ts'
import { zabbix } from './senders/zabbix.ts'

/**
 * The monitoring systems that have a door: `POST /v1/{system}/{key}`. One entry a system: its name, how it proves
 * itself, and in a file of `senders/` what to paste where. One without words of its own gets a webhook's.
 */
const systems = {
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
} satisfies Record<string, Sender>

export type System = keyof typeof systems

export const SYSTEMS: Record<System, Sender> = systems

export const isSystem = (name: string): name is System => Object.hasOwn(SYSTEMS, name)

export const proofOf = (system: System): Sender['proof'] => SYSTEMS[system].proof
