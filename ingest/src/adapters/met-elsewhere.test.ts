import { describe, expect, test } from 'vitest'
import type { Event, System } from '@tocsin/desk'
import { circumstancesOf } from '../place.ts'
import { ADAPTERS } from './registry.ts'

// Forms that neither the vendor's own sample nor ours shows: older ones, half-filled templates, and those of others.

type Body = Record<string, unknown>
const read = (system: System, body: unknown) => {
  const [event] = ADAPTERS[system].read(
    body,
    circumstancesOf({ path: '', query: {} }, { headers: {}, receivedAt: new Date('2026-05-03T05:00:00Z') }),
  )
  if (!event || event.kind === 'unreadable') throw new Error(event?.reason ?? 'nothing was read')
  return event
}

const finding = (severity: number) => ({
  'detail-type': 'GuardDuty Finding',
  detail: { id: 'f-1', title: 'A port is probed', severity },
})
const scan = (scanResultStatus: string) => ({
  'detail-type': 'GuardDuty Malware Protection Object Scan Result',
  source: 'aws.guardduty',
  resources: ['arn:plan'],
  detail: { scanStatus: 'COMPLETED', scanResultDetails: { scanResultStatus } },
})
const unfilled = (event_type: string) => ({
  current_state: '$EVENT_STATE',
  incident_id: '$INCIDENT_ID',
  condition_name: 'Errors',
  event_type,
})
const FIRST_FORM = {
  created_at: '2013-11-04T09:12:40+00:00',
  application_name: 'Shop',
  severity: 'caution',
  message: 'Apdex fell below 0.90',
  long_description: 'Alert opened on Shop: Apdex fell below 0.90',
  alert_url: 'https://rpm.newrelic.example/accounts/1/applications/2/incidents/3',
}
const config = (complianceType: string) => ({
  'detail-type': 'Config Rules Compliance Change',
  source: 'aws.config',
  detail: { configRuleName: 'encrypted', resourceId: 'i-1', newEvaluationResult: { complianceType } },
})
const robot = (alertType: string, alertTypeFriendlyName: string) => ({
  monitorID: '7',
  alertType,
  alertTypeFriendlyName,
})

test.each<[System, Body, Partial<Event>, string]>([
  [
    'apexping',
    { state: 'paused', alert: { id: 9 }, check: { name: 'Shop' } },
    { kind: 'note', dedup_key: '9' },
    'a state it has no word for',
  ],
  [
    'auvik',
    { correlationId: 'c', alertName: 'Down', alertStatus: 1, alertStatusString: 'Triggered' },
    { kind: 'resolve' },
    'the number decides',
  ],
  [
    'aws_eventbridge',
    finding(9),
    { kind: 'trigger', severity: 'critical' },
    'a transformer left the source out',
  ],
  ['aws_eventbridge', finding(7.5), { severity: 'error', severity_raw: '7.5' }, 'high'],
  ['aws_eventbridge', finding(5), { severity: 'warning' }, 'medium'],
  ['aws_eventbridge', finding(2), { severity: 'info' }, 'low'],
  ['aws_eventbridge', scan('THREATS_FOUND'), { kind: 'trigger' }, 'a scan that found something'],
  ['aws_eventbridge', scan('NO_THREATS_FOUND'), { kind: 'note' }, 'a scan that found nothing'],
  [
    'axiom',
    { action: 'Closed', event: { monitorID: 'm', timestamp: '2026-05-02 14:59:03 +0000 UTC' } },
    { kind: 'resolve', ends_at: '2026-05-02T14:59:03Z', flags: [] },
    'a time as Go writes it',
  ],
  [
    'coralogix',
    {
      alert_id: 'a',
      name: 'Errors',
      alert_action: 'trigger',
      fields: [
        { key: 'application', value: '*insert desired application name*' },
        { key: 'timestamp', value: '2026/05/02 21:28:56 GMT' },
        { key: 'timestampISO', value: '2026-05-02T21:28:56.254Z' },
      ],
    },
    { service: null, resource: null, starts_at: '2026-05-02T21:28:56.254Z' },
    'what its form proposes to write is nobody’s name',
  ],
  [
    'grafana',
    { title: '[FIRING:1]', alerts: [{ status: 'firing', labels: {}, fingerprint: '57c6' }] },
    { title: '[FIRING:1]', dedup_key: '57c6' },
    'an alert without any label',
  ],
  [
    'honeybadger',
    { event: 'alarm_ok', message: 'm', alarm: { id: null, name: 'Errors' }, project: { id: 1 } },
    { kind: 'resolve', dedup_key: '["alarm","Errors"]', title: 'Errors' },
    'an alarm over its own query',
  ],
  [
    'nagios',
    {
      NAGIOS_HOSTNAME: 'db-1',
      NAGIOS_SERVICEDESC: 'Disk',
      NAGIOS_SERVICESTATE: 'OK',
      NAGIOS_NOTIFICATIONTYPE: 'RECOVERY',
    },
    { kind: 'resolve', host: 'db-1', resource: 'Disk', dedup_key: '["db-1","Disk"]' },
    'its macros out of the environment',
  ],
  [
    'newrelic',
    unfilled('INCIDENT_OPEN'),
    { kind: 'trigger', title: 'Errors' },
    'the state was not filled in',
  ],
  ['newrelic', unfilled('INCIDENT_RESOLVED'), { kind: 'resolve' }, 'nor here'],
  [
    'newrelic',
    { issueUrl: 'https://one.newrelic.example/accounts/1/issues/0ea2-df1c?notifier=W', state: 'CREATED' },
    { kind: 'trigger', dedup_key: '["issue","0ea2-df1c"]' },
    'the issue is named by its address alone',
  ],
  [
    'opsgenie_webhook',
    { action: 'UnAcknowledge', alert: { alias: 'disk' } },
    { kind: 'trigger' },
    'nobody is at it any more',
  ],
  [
    'scom',
    {
      alertId: '{2b}',
      alertName: 'Event 999',
      resolutionState: 'New',
      alertDescription: 'np',
      managedEntitySource: 'win-1.example',
    },
    { kind: 'trigger', resource: 'win-1.example', annotations: {} },
    'what has no value',
  ],
  ['scom', { alertId: '{2b}', resolutionState: 'Not Present' }, { kind: 'note' }, 'nor a state'],
  ['uptimerobot', robot('1', 'Down'), { kind: 'trigger' }, 'down'],
  ['uptimerobot', robot('1', 'Up'), { kind: 'resolve' }, 'a template whose number was written in by hand'],
  ['uptimerobot', robot('2', '*alertTypeFriendlyName*'), { kind: 'resolve' }, 'the number alone'],
  [
    'zabbix',
    { hostname: 'web-1', severity: 'High', status: 'OK', item: 'Ping', trigger: 'web-1 is gone' },
    { kind: 'resolve', severity: 'error', title: 'web-1 is gone', host: 'web-1', resource: 'Ping' },
    'a media type of somebody’s own',
  ],
  [
    'newrelic',
    {
      id: '8cee',
      issueUrl: 'https://alerts.newrelic.example/accounts/2/incidents/1',
      state: 'activated',
      condition_name: 'Server down',
      details: 'No heartbeat',
    },
    { kind: 'trigger', title: 'Server down', annotations: { description: 'No heartbeat' } },
    'a template half of the older form',
  ],
  [
    'newrelic',
    { alert: { ...FIRST_FORM, short_description: '[application name] alert opened' } },
    { kind: 'trigger', title: 'Apdex fell below 0.90', service: 'Shop', severity: 'warning' },
    'the webhook of 2013, as JSON',
  ],
  [
    'newrelic',
    { ...FIRST_FORM, long_description: 'Alert acknowledged on Shop' },
    { kind: 'acknowledge' },
    'the same without its frame',
  ],
  [
    'azure_monitor',
    {
      data: {
        essentials: {
          alertId: 'a',
          alertRule: 'Up',
          monitoringService: 'Resource Health',
          alertTargetIDs: ['/vm'],
          monitorCondition: 'Fired',
        },
        alertContext: { properties: { currentHealthStatus: 'Available' } },
      },
    },
    { kind: 'resolve', dedup_key: '["ResourceHealth","/vm"]' },
    'a resource is well again, and the rule fires once more',
  ],
  [
    'aws_eventbridge',
    config('NON_COMPLIANT'),
    { kind: 'trigger', title: 'encrypted: NON_COMPLIANT', resource: 'i-1' },
    'a rule that a resource breaks',
  ],
  [
    'aws_eventbridge',
    config('COMPLIANT'),
    { kind: 'resolve', dedup_key: '["aws.config","Config Rules Compliance Change","encrypted","i-1"]' },
    'and keeps',
  ],
  [
    'aws_eventbridge',
    {
      'detail-type': 'Trusted Advisor Check Item Refresh Notification',
      source: 'aws.trustedadvisor',
      detail: { 'check-name': 'Limits', status: 'WARN', resource_id: 'r' },
    },
    { kind: 'trigger', title: 'Limits: WARN' },
    'a check',
  ],
  [
    'sentry',
    {
      action: 'triggered',
      data: {
        event: { event_id: 'e', message: 'It broke', issue_url: 'https://sentry.example/api/0/issues/117/' },
      },
    },
    { dedup_key: '["issue","117"]', title: 'It broke' },
    'the issue is named by its address alone',
  ],
  [
    'cloudevents',
    { specversion: '1.0', type: 'disk.firing', source: 's', data: 'The disk is full' },
    { kind: 'trigger', title: 'The disk is full' },
    'data in words',
  ],
  [
    'pagerduty_events_v2',
    {
      event_action: 'trigger',
      payload: { summary: 'Slow', source: 'web', severity: 'error' },
      links: [{ href: 'https://wiki.example/a', text: 'Runbook' }, { href: 'https://wiki.example/b' }],
      images: [{ src: 'https://graph.example/1.png', alt: 'Load' }],
    },
    {
      link: 'https://wiki.example/a',
      annotations: {
        links: 'Runbook https://wiki.example/a\nhttps://wiki.example/b',
        images: 'Load https://graph.example/1.png',
      },
    },
    'links and images',
  ],
])('%s %j: %j (%s)', (system, body, expected) => {
  expect(read(system, body)).toMatchObject(expected)
})

describe('what is one alert', () => {
  test('Uptime Kuma tells Grafana OnCall how a monitor stands in the title alone', () => {
    const of = (title: string, state: string) =>
      read('grafana_oncall', { title, state, message: 'm' }).dedup_key
    expect(of('Shop is up', 'ok')).toBe(of('Shop is down', 'alerting'))
    expect(of('Shop is down', 'alerting')).not.toBe(of('Till is down', 'alerting'))
  })

  test('Prometheus before 3 asks for the first version of the API', () => {
    expect(ADAPTERS.prometheus.paths).toContain('/api/v1/alerts')
  })
})
