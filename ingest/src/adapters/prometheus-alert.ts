import { hash } from 'node:crypto'
import { composeEvent, type Event, readInstant, textOf, type Unreadable, unreadable } from '@tocsin/desk'
import { type Circumstances, type Fields, firstText, isFields, within } from './adapter.ts'

// What the alert is about: the part of a machine where the labels name one, else the machine itself.
const PARTS = ['dev', 'device', 'mountpoint', 'volume', 'interface']
const MACHINES = ['instance', 'host', 'hostname', 'node', 'nodename']
const WORKLOADS = ['pod', 'container', 'deployment', 'namespace']

/** Why an alert cannot be read; undefined where it can. */
export function whyUnreadable(alert: Fields): string | undefined {
  const { labels = {}, annotations = {} } = alert
  if (labels !== null && !isFields(labels)) return '“labels” must be an object of names and values.'
  if (annotations !== null && !isFields(annotations))
    return '“annotations” must be an object of names and values.'
  if (!firstText(alert, 'fingerprint') && Object.keys(labels ?? {}).length === 0)
    return 'An alert needs labels or a fingerprint: nothing identifies this one.'
  return undefined
}

/**
 * One alert as Prometheus and Alertmanager both write it: labels, annotations, startsAt, endsAt.
 * `resolved` says it where the sender has a word for it; else endsAt in the past does.
 */
export function readAlert(
  alert: Fields,
  { receivedAt }: Circumstances,
  context: { resolved?: boolean; groupKey?: string | null; title?: string | null } = {},
): Event | Unreadable {
  const why = whyUnreadable(alert)
  if (why !== undefined) return unreadable(alert, why)
  const labels = within(alert, 'labels')
  const annotations = within(alert, 'annotations')
  const fingerprint = firstText(alert, 'fingerprint')
  const ends = readInstant(alert.endsAt, receivedAt)
  const ended = typeof ends === 'string' && Date.parse(ends) <= receivedAt.getTime()
  const resolved = context.resolved ?? ended
  return composeEvent(
    {
      kind: resolved ? 'resolve' : 'trigger',
      dedupKey: fingerprint ?? labelKey(labels),
      severity: firstText(labels, 'severity') ?? firstText(annotations, 'severity'),
      title:
        firstText(annotations, 'summary', 'title') ??
        firstText(labels, 'alertname') ??
        firstText(annotations, 'message', 'description') ??
        context.title ??
        null,
      resource: firstText(labels, ...PARTS, ...MACHINES, ...WORKLOADS),
      service: firstText(labels, 'service', 'job'),
      host: firstText(labels, ...MACHINES),
      startsAt: alert.startsAt,
      // A firing alert's end lies ahead: when it would expire unless it is sent again.
      endsAt: resolved ? alert.endsAt : null,
      labels,
      annotations,
      link: firstText(alert, 'generatorURL'),
      groupKey: context.groupKey,
    },
    receivedAt,
  )
}

/** Two label sets are one alert when they are equal, in whatever order they come. */
function labelKey(labels: Fields): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const whole = JSON.stringify(sorted.map(([name, value]) => [name, textOf(value)]))
  return `labels:${hash('sha256', whole).slice(0, 32)}`
}
