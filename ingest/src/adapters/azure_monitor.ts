import { composeEvent, type Event, type Read } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { identity, kindOf, listAt, present, textAt, valueAt } from './fields.ts'
import { writtenInstant } from './instant.ts'

type Severity = NonNullable<Read['severityAs']>

// By Azure's own words: 0 critical, 1 error, 2 warning, 3 informational, 4 verbose.
const SEVERITIES: Severity[] = ['critical', 'error', 'warning', 'info', 'info']
const severityAs = (word: string | null): Severity | undefined =>
  SEVERITIES[Number(/^(?:sev)?(\d)$/i.exec(word ?? '')?.[1] ?? Number.NaN)]

const KINDS: Record<string, Event['kind']> = {
  fired: 'trigger',
  activated: 'trigger',
  resolved: 'resolve',
  deactivated: 'resolve',
}
const kindBy = (word: string | null): Event['kind'] => kindOf(KINDS, word?.toLowerCase() ?? '')

/** Action groups of Azure Monitor: the common schema, and the older ones of metrics, logs and the activity log. */
export const azureMonitor = defineAdapter({
  expects:
    'an alert of Azure Monitor: the common alert schema (“data.essentials”) or one of the older schemas',
  readOne: (body, circumstances) => {
    const data = within(body, 'data')
    const context = 'context' in data ? within(data, 'context') : within(body, 'context')
    if (firstText(within(data, 'essentials'), 'alertId', 'originAlertId', 'monitorCondition'))
      return readCommon(data, circumstances)
    // Of a workspace's logs it comes without the frame.
    const log = firstText(data, 'AlertRuleName') ? data : body
    if (firstText(log, 'AlertRuleName')) return readLog(log, circumstances)
    if (firstText(body, 'operation') && firstText(context, 'oldCapacity', 'newCapacity'))
      return readAutoscale(body, context, circumstances)
    const status = firstText(data, 'status') ?? firstText(body, 'status')
    if ('activityLog' in context) return readActivity(within(context, 'activityLog'), status, circumstances)
    if (firstText(context, 'id', 'name')) return readClassic(context, status, circumstances)
    throw new WrongBody('There is neither “data.essentials” nor “context” in it.')
  },
})

function readCommon(data: Fields, { receivedAt }: Circumstances): Event {
  const essentials = within(data, 'essentials')
  const severity = firstText(essentials, 'severity')
  const health = healthIn(data)
  // Costs are told of without a rule and a condition.
  const told = firstText(essentials, 'monitorCondition')
  const kind = health?.kind ?? (told === null ? 'trigger' : kindBy(told))
  const rule = firstText(essentials, 'alertRule')
  const target = textAt(essentials, 'alertTargetIDs.0')
  const condition = valueAt(data, 'alertContext.condition.allOf.0')
  const dimensions = listAt(condition, 'dimensions').map((one) => [
    textAt(one, 'name') ?? '',
    textAt(one, 'value'),
  ])
  return composeEvent(
    {
      kind,
      dedupKey: health?.key ?? firstText(essentials, 'alertId', 'originAlertId') ?? identity(rule, target),
      severity,
      severityAs: severityAs(severity),
      title: rule ?? firstText(essentials, 'description'),
      resource: target,
      service: firstText(essentials, 'monitoringService'),
      host: textAt(essentials, 'configurationItems.0'),
      startsAt: essentials.firedDateTime,
      // Also filled while it fires, in some of Azure's own bodies.
      endsAt: kind === 'resolve' ? essentials.resolvedDateTime : null,
      labels: present({
        ...Object.fromEntries(dimensions),
        alertname: rule,
        signal: essentials.signalType,
        monitoring_service: essentials.monitoringService,
        target_type: essentials.targetResourceType ?? /\/providers\/([^/]+\/[^/]+)/i.exec(target ?? '')?.[1],
        resource_group:
          essentials.targetResourceGroup ?? /\/resourcegroups\/([^/]+)/i.exec(target ?? '')?.[1],
        metric: textAt(condition, 'metricName'),
      }),
      annotations: present({
        description: firstText(essentials, 'description'),
        search: textAt(condition, 'searchQuery'),
        ...within(data, 'customProperties'),
      }),
      link: firstText(essentials, 'investigationLink') ?? textAt(condition, 'linkToSearchResultsUI'),
    },
    receivedAt,
  )
}

/**
 * The health of Azure's services and of resources, which fires at each step, also at the last one: what it is about
 * and whether it is over stand in the context alone. The button of an action group sends one that is made up.
 */
function healthIn(data: Fields): { kind: Event['kind']; key: string } | undefined {
  const service = textAt(data, 'essentials.monitoringService')?.replaceAll(' ', '')
  const about = within(within(data, 'alertContext'), 'properties')
  const isTest = firstText(about, 'title')?.startsWith('Test Action Group')
  const tracked = firstText(about, 'trackingId')
  if (service === 'ServiceHealth' && tracked) {
    const over = /^(resolved|rca)$/i.test(firstText(about, 'stage') ?? '')
    return { kind: isTest ? 'test' : over ? 'resolve' : 'trigger', key: identity('ServiceHealth', tracked) }
  }
  const target = textAt(data, 'essentials.alertTargetIDs.0')
  const now = firstText(about, 'currentHealthStatus')
  if (service !== 'ResourceHealth' || !target || !now) return undefined
  return { kind: now === 'Available' ? 'resolve' : 'trigger', key: identity('ResourceHealth', target) }
}

function readClassic(context: Fields, status: string | null, { receivedAt }: Circumstances): Event {
  const severity = firstText(context, 'severity')
  const kind = kindBy(status)
  const name = firstText(context, 'name')
  const resource = firstText(context, 'resourceName', 'resourceId')
  return composeEvent(
    {
      kind,
      dedupKey: firstText(context, 'id') ?? identity(name, resource),
      severity,
      severityAs: severityAs(severity),
      title: name,
      resource,
      service: firstText(context, 'resourceType'),
      host: firstText(context, 'resourceName'),
      startsAt: kind === 'trigger' ? context.timestamp : null,
      endsAt: kind === 'resolve' ? context.timestamp : null,
      labels: present({
        alertname: name,
        resource_group: context.resourceGroupName,
        region: context.resourceRegion,
        metric: textAt(context, 'condition.metricName', 'condition.allOf.0.metricName'),
      }),
      annotations: present({ description: context.description }),
      link: context.portalLink,
    },
    receivedAt,
  )
}

/** A rule over logs in its old form. It never says that it is over. */
function readLog(data: Fields, { receivedAt, zone }: Circumstances): Event {
  const severity = firstText(data, 'Severity')
  const rule = firstText(data, 'AlertRuleName')
  return composeEvent(
    {
      kind: 'trigger',
      dedupKey: identity(firstText(data, 'SubscriptionId'), rule),
      severity,
      severityAs: severityAs(severity),
      title: rule,
      startsAt: writtenInstant(data.SearchIntervalEndtimeUtc, zone),
      labels: present({ alertname: rule, alert_type: data.AlertType }),
      annotations: present({ description: data.Description, search: data.SearchQuery }),
      link: data.LinkToSearchResults,
    },
    receivedAt,
  )
}

/** The activity log tells of changes; of service and resource health it tells when they are well again. */
function readActivity(log: Fields, status: string | null, { receivedAt }: Circumstances): Event {
  const properties = within(log, 'properties')
  const source = firstText(log, 'eventSource') ?? ''
  const health = /^(ServiceHealth|ResourceHealth)$/.test(source)
  const over =
    /^resolved$/i.test(firstText(properties, 'stage') ?? firstText(log, 'status') ?? '') ||
    firstText(properties, 'currentHealthStatus') === 'Available'
  const resource = firstText(log, 'resourceId')
  const title = firstText(properties, 'title') ?? firstText(log, 'operationName')
  return composeEvent(
    {
      kind: !health ? 'change' : over ? 'resolve' : kindBy(status),
      dedupKey: identity(source, firstText(properties, 'trackingId') ?? resource ?? title),
      severity: firstText(log, 'level'),
      title,
      resource,
      service: firstText(properties, 'service') ?? firstText(log, 'resourceProviderName'),
      startsAt: health && over ? null : log.eventTimestamp,
      endsAt: health && over ? log.eventTimestamp : null,
      labels: present({ source, region: properties.region, resource_group: log.resourceGroupName }),
      annotations: present({
        description: firstText(properties, 'communication', 'details') ?? log.description,
      }),
    },
    receivedAt,
  )
}

const readAutoscale = (body: Fields, context: Fields, { receivedAt }: Circumstances): Event =>
  composeEvent(
    {
      kind: 'change',
      dedupKey: identity('autoscale', firstText(context, 'resourceId', 'resourceName')),
      severity: null,
      title: `${textAt(body, 'operation')}: ${textAt(context, 'oldCapacity')} to ${textAt(context, 'newCapacity')}`,
      resource: firstText(context, 'resourceName'),
      startsAt: context.timestamp,
      annotations: present({ description: context.details }),
      link: context.portalLink,
    },
    receivedAt,
  )
