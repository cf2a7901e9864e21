import { composeEvent, type Event, type Read } from '@tocsin/desk'
import {
  type Circumstances,
  defineAdapter,
  type Fields,
  firstText,
  isFields,
  within,
  WrongBody,
} from './adapter.ts'
import { identity, kindOf, present, textAt } from './fields.ts'
import { hmac } from './signature.ts'

/**
 * Sentry's integration platform, and its older webhook plugin. An issue alert never says that it is over; the
 * “issue” webhook of the same issue does, so both have one key.
 */
export const sentry = defineAdapter({
  expects:
    'a webhook of Sentry: “action” and “data” with a metric alert, issue, event or error, or the old plugin’s form',
  signature: hmac({ header: 'sentry-hook-signature' }),
  readOne: (body, circumstances) => {
    const data = within(body, 'data')
    if (isFields(data.metric_alert)) return readMetric(body, within(data, 'metric_alert'), circumstances)
    if (isFields(data.issue)) return readIssue(body, within(data, 'issue'), circumstances)
    if (isFields(data.event)) return readError(within(data, 'event'), data, circumstances)
    if (isFields(data.error)) return readError(within(data, 'error'), data, circumstances)
    if (firstText(body, 'action') && isFields(body.data) && isFields(body.installation))
      return readOther(body, circumstances)
    if (firstText(body, 'project_slug', 'project') && (isFields(body.event) || 'culprit' in body))
      return readPlugin(body, circumstances)
    throw new WrongBody('There is no “action” with “data” in it.')
  },
})

function readMetric(body: Fields, alert: Fields, { receivedAt }: Circumstances): Event {
  const rule = within(alert, 'alert_rule')
  const action = firstText(body, 'action')
  const kind =
    action === 'resolved' ? 'resolve' : action === 'critical' || action === 'warning' ? 'trigger' : 'note'
  const service = textAt(alert, 'projects.0') ?? textAt(rule, 'projects.0')
  return composeEvent(
    {
      kind,
      dedupKey: identity(
        'metric',
        firstText(rule, 'id'),
        firstText(alert, 'identifier') ?? firstText(alert, 'id'),
      ),
      severity: kind === 'resolve' ? null : action,
      title: firstText(rule, 'name') ?? textAt(body, 'data.description_title') ?? firstText(alert, 'title'),
      service,
      startsAt: alert.date_started,
      endsAt: kind === 'resolve' ? alert.date_closed : null,
      labels: present({
        alertname: rule.name,
        service,
        environment: rule.environment,
        dataset: rule.dataset,
      }),
      annotations: present({ description: textAt(body, 'data.description_text'), query: rule.query }),
      link: textAt(body, 'data.web_url'),
    },
    receivedAt,
  )
}

// Archived: somebody there has decided that it is nothing; it comes back as unresolved.
const ACTIONS: Record<string, Event['kind']> = {
  created: 'trigger',
  unresolved: 'trigger',
  triggered: 'trigger',
  resolved: 'resolve',
  archived: 'resolve',
  ignored: 'resolve',
}

function readIssue(body: Fields, issue: Fields, { receivedAt }: Circumstances): Event {
  const kind = kindOf(ACTIONS, firstText(body, 'action') ?? '')
  const service = textAt(issue, 'project.slug', 'project.name')
  return composeEvent(
    {
      kind,
      dedupKey: identity('issue', firstText(issue, 'id')),
      ...levelOf(issue),
      title: firstText(issue, 'title') ?? textAt(issue, 'metadata.title', 'metadata.value'),
      resource: firstText(issue, 'culprit'),
      service,
      startsAt: kind === 'trigger' ? (issue.lastSeen ?? issue.firstSeen) : null,
      labels: present({
        service,
        issue: issue.shortId,
        platform: issue.platform,
        category: issue.issueCategory,
      }),
      annotations: present({ description: textAt(issue, 'metadata.value'), substatus: issue.substatus }),
      link: firstText(issue, 'web_url', 'permalink'),
    },
    receivedAt,
  )
}

/** One event of an issue: many of them are one alert. */
const readError = (error: Fields, data: Fields, { receivedAt }: Circumstances): Event =>
  composeEvent(
    {
      kind: 'trigger',
      dedupKey: identity('issue', issueOf(error) ?? firstText(error, 'event_id')),
      ...levelOf(error),
      title: firstText(error, 'title', 'message'),
      resource: firstText(error, 'culprit', 'location'),
      startsAt: error.datetime ?? error.timestamp,
      labels: factsOf(error, { rule: data.triggered_rule, service: projectOf(error) }),
      annotations: present({ description: textAt(error, 'metadata.value', 'message') }),
      link: error.web_url,
    },
    receivedAt,
  )

/** Where an event does not name its issue, its addresses do. */
const issueOf = (error: Fields): string | null =>
  firstText(error, 'issue_id') ??
  /\/issues\/(\d+)\b/.exec(firstText(error, 'issue_url', 'web_url') ?? '')?.[1] ??
  null

/** An event names its project by a number, and in its addresses by name. */
const projectOf = (error: Fields): string | undefined =>
  /\/projects\/[^/]+\/([^/]+)\//.exec(firstText(error, 'url') ?? '')?.[1]

function readPlugin(body: Fields, { receivedAt }: Circumstances): Event {
  const event = within(body, 'event')
  const service = firstText(body, 'project_slug', 'project')
  return composeEvent(
    {
      kind: 'trigger',
      dedupKey: identity('project', service, firstText(body, 'id') ?? firstText(event, 'event_id')),
      ...levelOf(firstText(body, 'level') ? body : event),
      title: firstText(event, 'title') ?? firstText(body, 'message'),
      resource: firstText(body, 'culprit') ?? firstText(event, 'culprit'),
      service,
      startsAt: event.timestamp ?? event.received,
      labels: factsOf(event, { service, rule: textAt(body, 'triggering_rules.0') }),
      annotations: present({ description: textAt(event, 'metadata.value') ?? body.message }),
      link: body.url,
    },
    receivedAt,
  )
}

/** Installations, comments and what Sentry will tell of next. */
const readOther = (body: Fields, { receivedAt, headers }: Circumstances): Event =>
  composeEvent(
    {
      kind: 'note',
      dedupKey: identity('installation', textAt(body, 'installation.uuid', 'data.installation.uuid')),
      severity: null,
      title: `${headers['sentry-hook-resource'] ?? 'Sentry'}: ${textAt(body, 'action')}`,
      annotations: present({ description: textAt(body, 'data.comment') }),
    },
    receivedAt,
  )

const levelOf = (fields: Fields): Pick<Read, 'severity' | 'severityAs'> => {
  const severity = firstText(fields, 'level')
  return { severity, severityAs: severity === 'sample' ? 'info' : undefined }
}

/** Tags come as pairs. */
function factsOf(event: Fields, more: Fields): Fields {
  const tags = Array.isArray(event.tags) ? event.tags : []
  const pairs = tags.filter(
    (tag): tag is [string, string] => Array.isArray(tag) && typeof tag[0] === 'string',
  )
  const { environment, release, platform } = event
  return present({ ...Object.fromEntries(pairs), environment, release, platform, ...more })
}
