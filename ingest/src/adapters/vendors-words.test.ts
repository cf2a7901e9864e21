import { describe, expect, test } from 'vitest'
import type { System } from '@tocsin/desk'
import { circumstancesOf } from '../place.ts'
import { ADAPTERS } from './registry.ts'

// What the samples do not show: the other words that each vendor documents, and the traps among them.

type Body = Record<string, unknown>
const read = (system: System, body: unknown, headers: Record<string, string> = {}) => {
  const [event] = ADAPTERS[system].read(
    body,
    circumstancesOf({ path: '', query: {} }, { headers, receivedAt: new Date('2026-03-02T05:00:00Z') }),
  )
  if (!event || event.kind === 'unreadable') throw new Error(event?.reason ?? 'nothing was read')
  return event
}
const kinds = (rows: [System, Body, string, string][]) =>
  test.each(rows)('%s %j: %s (%s)', (system, body, kind) => {
    expect(read(system, body).kind).toBe(kind)
  })

const sns = (alarm: Body) => ({
  Type: 'Notification',
  TopicArn: 'arn:aws:sns:eu-south-1:1:ops',
  Message: JSON.stringify(alarm),
})
const run = (conclusion: string | null, action = 'completed') => ({
  action,
  workflow_run: { workflow_id: 1, head_branch: 'main', conclusion },
  repository: { full_name: 'a/b' },
})
const build = (phase: string, status?: string) => ({ name: 'a', url: 'job/a/', build: { phase, status } })
const azure = (severity: string) => ({
  data: { essentials: { alertId: '1', alertRule: 'a', severity, monitorCondition: 'Fired' } },
})
const issue = (action: string) => ({ action, installation: {}, data: { issue: { id: 0, title: 'a' } } })
const flux = (severity: string, reason: string) => ({
  severity,
  reason,
  involvedObject: { kind: 'a', name: 'b' },
})

describe('what a word means', () => {
  kinds([
    [
      'aws_sns_cloudwatch',
      sns({ AlarmName: 'a', NewStateValue: 'INSUFFICIENT_DATA' }),
      'note',
      'no data is no news',
    ],
    [
      'aws_sns_cloudwatch',
      sns({
        'detail-type': 'CloudWatch Alarm State Change',
        source: 'aws.cloudwatch',
        detail: { alarmName: 'a', state: { value: 'OK' } },
      }),
      'resolve',
      'EventBridge through SNS',
    ],
    [
      'aws_eventbridge',
      { source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail: {} },
      'note',
      'any other event',
    ],
    [
      'aws_eventbridge',
      {
        source: 'aws.guardduty',
        'detail-type': 'GuardDuty Finding',
        detail: { severity: 8, title: 'a', id: 'x' },
      },
      'trigger',
      'a finding',
    ],
    [
      'aws_eventbridge',
      {
        source: 'aws.health',
        'detail-type': 'AWS Health Event',
        detail: { eventTypeCategory: 'scheduledChange' },
      },
      'change',
      'planned',
    ],
    [
      'aws_eventbridge',
      {
        source: 'aws.health',
        'detail-type': 'AWS Health Event',
        detail: { eventTypeCategory: 'issue', statusCode: 'closed' },
      },
      'resolve',
      'over',
    ],
    ['github_actions', run('timed_out'), 'trigger', 'never came to its end'],
    ['github_actions', run('startup_failure'), 'trigger', 'never began'],
    ['github_actions', run('cancelled'), 'note', 'not failed'],
    ['github_actions', run(null, 'requested'), 'note', 'only begun'],
    ['github_actions', run('success', 'in_progress'), 'note', 'not completed'],
    ['gitlab', { object_kind: 'pipeline', object_attributes: { status: 'canceled' } }, 'note', 'not failed'],
    ['gitlab', { object_kind: 'push' }, 'note', 'no alert'],
    ['gitlab', { object_kind: 'deployment' }, 'change', 'a change'],
    ['circleci', { type: 'workflow-completed', workflow: { status: 'error' } }, 'trigger', 'could not run'],
    ['circleci', { type: 'workflow-completed', workflow: { status: 'canceled' } }, 'note', 'not failed'],
    ['circleci', { type: 'ping', webhook: {} }, 'ping', 'a test of the address'],
    ['jenkins', build('FINALIZED', 'UNSTABLE'), 'trigger', 'tests failed'],
    ['jenkins', build('FINALIZED', 'ABORTED'), 'note', 'not failed'],
    ['jenkins', build('COMPLETED', 'FAILURE'), 'note', 'FINALIZED follows'],
    ['flux', flux('info', 'Progressing'), 'note', 'not over yet'],
    ['flux', flux('info', 'DependencyNotReady'), 'note', 'waits'],
    ['flux', flux('trace', 'ReconciliationSucceeded'), 'note', 'no news'],
    ['sentry', issue('assigned'), 'note', 'somebody took it'],
    ['sentry', issue('archived'), 'resolve', 'somebody thinks nothing of it'],
    ['sentry', issue('unresolved'), 'trigger', 'it is back'],
    [
      'sentry',
      { action: 'created', installation: { uuid: 'a' }, data: { comment: 'x' } },
      'note',
      'a comment',
    ],
    [
      'newrelic',
      { incident_id: '0', current_state: 'open', condition_name: 'a' },
      'test',
      '0 as text, in a form',
    ],
    ['newrelic', { id: 'a', issueUrl: 'u', state: 'ACKNOWLEDGED' }, 'acknowledge', 'somebody is at it'],
    ['dynatrace', { 'problem id': 0, state: 'Merged' }, 'resolve', 'it hears of no other end'],
    [
      'honeycomb',
      { id: 'a', status: 'TRIGGERED', trigger_url: 'u', is_test: true },
      'test',
      'its test button',
    ],
    [
      'cloudflare',
      { text: 'a', policy_id: 'p', alert_type: 'maintenance_event_notification' },
      'note',
      'planned',
    ],
    [
      'cloudflare',
      {
        text: 'a',
        policy_id: 'p',
        alert_type: 'health_check_status_notification',
        data: { status: 'Healthy' },
      },
      'resolve',
      'well again',
    ],
    [
      'cloudflare',
      {
        text: 'a',
        policy_id: 'p',
        alert_type: 'health_check_status_notification',
        data: { status: 'Unhealthy' },
      },
      'trigger',
      'ends like a good word',
    ],
    ['datadog', { alert_title: 'a', alert_transition: 'Re-No Data' }, 'trigger', 'still no data'],
    ['datadog', { title: '[Recovered on {host:a}] b', last_updated: '1' }, 'resolve', 'by the title alone'],
    ['datadog', { title: '[TEST] [Triggered] b', last_updated: '1' }, 'test', 'its test button'],
    [
      'splunk_observability',
      { incidentId: 'a', status: 'ok', statusExtended: 'manually resolved' },
      'resolve',
      'by hand',
    ],
    ['gcp_monitoring', { incident: { incident_id: 0, state: 'CLOSED' } }, 'resolve', 'in capitals'],
    [
      'cloudevents',
      { specversion: '1.0', type: 'com.example.order.placed', source: 's' },
      'note',
      'no alert at all',
    ],
    [
      'cloudevents',
      {
        specversion: '1.0',
        type: 'a.b.recovered',
        source: 's',
        data_base64: Buffer.from('{"alert_id":0}').toString('base64'),
      },
      'resolve',
      'data in base64',
    ],
  ])
})

test.each([
  ['Sev0', 'critical'],
  ['Sev1', 'error'],
  ['Sev2', 'warning'],
  ['Sev3', 'info'],
  ['4', 'info'],
])('Azure’s %s is %s', (word, severity) => {
  expect(read('azure_monitor', azure(word))).toMatchObject({ severity, severity_raw: word })
})

test('GitHub sends a form unless told otherwise', () => {
  const form = { payload: JSON.stringify(run('failure')) }
  expect(read('github_actions', form)).toEqual(read('github_actions', run('failure')))
})

describe('what is one alert, and what are two', () => {
  const keyOf = (system: System, body: Body, headers?: Record<string, string>) =>
    read(system, body, headers).dedup_key

  test('a fork’s branch is not ours, whatever its name', () => {
    const fork = run('failure')
    const theirs = { ...fork, workflow_run: { ...fork.workflow_run, head_repository: { full_name: 'c/b' } } }
    expect(keyOf('github_actions', theirs)).not.toBe(keyOf('github_actions', fork))
  })

  test('parts of a key are never confused with what stands between them', () => {
    const of = (slug: string, name: string) =>
      keyOf('circleci', { type: 'workflow-completed', project: { slug }, workflow: { name } })
    expect(of('a/b', 'c')).not.toBe(of('a', 'b/c'))
  })

  test('an issue alert of Sentry and the issue that ends it', () => {
    const alert = { action: 'triggered', data: { event: { issue_id: '7', title: 'a' } } }
    expect(keyOf('sentry', alert)).toBe(
      keyOf('sentry', { action: 'resolved', data: { issue: { id: 7, title: 'a' } } }),
    )
  })

  test('Datadog’s default body, by the title without its state', () => {
    const of = (title: string) => keyOf('datadog', { title, last_updated: '1', id: title })
    const fired = of('[P2] [Triggered on {host:a}] Load is high')
    expect(of('[P2] [Recovered on {host:a}] Load is high')).toBe(fired)
    expect(of('[P2] [Triggered on {host:b}] Load is high')).not.toBe(fired)
  })

  test('a CloudEvent without an alert’s id, by source, subject and the type without its state', () => {
    const of = (type: string, id: string) =>
      keyOf('cloudevents', { specversion: '1.0', id, type, source: 's', subject: 'disk' })
    expect(of('mon.disk.firing', '1')).toBe(of('mon.disk.resolved', '2'))
    expect(of('mon.disk.firing', '1')).not.toBe(of('mon.cpu.firing', '3'))
  })

  test('a search of Splunk without a name, by what it found, in whatever order', () => {
    const of = (result: Body, sid: string) =>
      keyOf('splunk', { sid, result, search_name: null, app: 'search', owner: 'ada' })
    expect(of({ a: '1', b: '2' }, 'x')).toBe(of({ b: '2', a: '1' }, 'y'))
    expect(of({ a: '1' }, 'x')).not.toBe(of({ a: '2' }, 'x'))
  })
})
