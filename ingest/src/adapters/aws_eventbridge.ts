import { composeEvent, type Event } from '@tocsin/desk'
import {
  type Circumstances,
  defineAdapter,
  type Fields,
  firstText,
  isFields,
  within,
  WrongBody,
} from './adapter.ts'
import { identity, kindOf, listAt, present, textAt, valueAt, wordIn } from './fields.ts'
import { writtenInstant } from './instant.ts'

/** Events of AWS as EventBridge carries them, sent by an API destination. */
export const awsEventbridge = defineAdapter({
  expects: 'an EventBridge event: an object with “source”, “detail-type” and “detail”',
  readOne: (event, circumstances) => {
    if (!isAwsEvent(event)) throw new WrongBody('There is no “detail-type” with a “source” in it.')
    return readAwsEvent(event, circumstances)
  },
})

/** Who writes an input transformer often leaves the source out. */
export const isAwsEvent = (event: Fields): boolean =>
  firstText(event, 'detail-type') !== null && (firstText(event, 'source') !== null || isFields(event.detail))

/** Also what EventBridge sends through SNS. */
export function readAwsEvent(event: Fields, circumstances: Circumstances): Event {
  const type = firstText(event, 'detail-type')
  if (type === 'CloudWatch Alarm State Change') return readAlarm(event, circumstances)
  if (type === 'AWS Health Event') return readHealth(event, circumstances)
  return readOther(event, circumstances)
}

/** Which dimension of a metric names the thing: one that is an id or a name, not its kind or its zone. */
export const namedBy = (dimensions: [name: string, value: unknown][]): string | null => {
  const [, value] = dimensions.find(([name]) => /(Id|Identifier|Name)$/.test(name)) ?? dimensions[0] ?? []
  return typeof value === 'string' ? value : null
}

// An alarm without data says nothing about the thing: it neither fires nor is over.
const STATES: Record<string, Event['kind']> = { ALARM: 'trigger', OK: 'resolve' }
export const alarmKind = (state: string | null): Event['kind'] => kindOf(STATES, state ?? '')

function readAlarm(event: Fields, { receivedAt }: Circumstances): Event {
  const detail = within(event, 'detail')
  const kind = alarmKind(textAt(detail, 'state.value'))
  const name = firstText(detail, 'alarmName')
  const metric = listAt(detail, 'configuration.metrics')
    .map((one) => valueAt(one, 'metricStat.metric'))
    .find((one) => one !== undefined)
  const dimensions = Object.entries((valueAt(metric, 'dimensions') ?? {}) as Fields)
  const account = firstText(event, 'account')
  const region = firstText(event, 'region')
  const at = valueAt(detail, 'state.timestamp') ?? event.time
  return composeEvent(
    {
      kind,
      dedupKey: textAt(event, 'resources.0') ?? identity(account, region, name),
      severity: null,
      title: name,
      resource: namedBy(dimensions),
      service: textAt(metric, 'namespace'),
      startsAt: kind === 'trigger' ? at : null,
      endsAt: kind === 'resolve' ? at : null,
      labels: present({
        ...Object.fromEntries(dimensions),
        account,
        region,
        alarm: name,
        metric: textAt(metric, 'name'),
        namespace: textAt(metric, 'namespace'),
      }),
      annotations: present({
        description: textAt(detail, 'configuration.description', 'state.reason'),
        reason: textAt(detail, 'state.reason'),
        state: textAt(detail, 'state.value'),
      }),
    },
    receivedAt,
  )
}

const HEALTH_KINDS: Record<string, Event['kind']> = {
  scheduledChange: 'change',
  accountNotification: 'note',
}

function readHealth(event: Fields, { receivedAt, zone }: Circumstances): Event {
  const detail = within(event, 'detail')
  const closed = firstText(detail, 'statusCode') === 'closed'
  const kind =
    wordIn(HEALTH_KINDS, firstText(detail, 'eventTypeCategory')) ?? (closed ? 'resolve' : 'trigger')
  const code = firstText(detail, 'eventTypeCode')
  return composeEvent(
    {
      kind,
      dedupKey: firstText(detail, 'eventArn') ?? identity('health', firstText(event, 'account'), code),
      severity: null,
      title: code ?? 'AWS Health Event',
      resource: textAt(event, 'resources.0') ?? textAt(detail, 'affectedEntities.0.entityValue'),
      service: firstText(detail, 'service'),
      startsAt: writtenInstant(detail.startTime, zone),
      endsAt: closed ? writtenInstant(detail.endTime, zone) : null,
      labels: present({
        account: event.account,
        region: firstText(detail, 'eventRegion') ?? event.region,
        category: detail.eventTypeCategory,
        event_type: code,
      }),
      annotations: present({ description: textAt(detail, 'eventDescription.0.latestDescription') }),
    },
    receivedAt,
  )
}

const FAILED =
  /^(failed|service_deployment_failed|failure|error|warn|timed_out|timeout|aborted|fault|threats_found|non_compliant|low storage)$/i
const WELL =
  /^(succeeded|success|completed|service_deployment_completed|resolved|ok|closed|suppressed|archived|compliant|passed)$/i
// Types that say it themselves.
const FAILED_TYPE = /\b(unsuccessful|failed|failure|anomaly detected)\b/i
// What runs again and again under one name, where the event's own resource is one run of it.
const RUNS_AGAIN = ['project-name', 'stateMachineArn', 'jobName']

/** Any other event: what failed is an alert until the same thing succeeds; a finding is one; the rest is noted. */
function readOther(event: Fields, { receivedAt, zone }: Circumstances): Event {
  const detail = within(event, 'detail')
  const finding = valueAt(detail, 'findings.0')
  const type = firstText(event, 'detail-type') ?? ''
  const state = stateOf(detail, finding) ?? ''
  const severity =
    firstText(detail, 'severity') ?? textAt(detail, 'severity.label', 'findings.0.Severity.Label')
  const failed = FAILED.test(state) || FAILED_TYPE.test(type) || severity !== null
  const kind = WELL.test(state) ? 'resolve' : failed ? 'trigger' : 'note'
  const check = firstText(detail, 'configRuleName', 'check-name')
  const thing =
    firstText(detail, 'findingArn', ...RUNS_AGAIN) ??
    textAt(finding, 'Id') ??
    textAt(event, 'resources.0') ??
    firstText(detail, 'pipeline', 'backupJobId', 'resourceId', 'resource_id', 'SourceIdentifier', 'arn', 'id')
  return composeEvent(
    {
      kind,
      dedupKey: identity(
        firstText(event, 'source'),
        type,
        ...(check ? [check] : []),
        thing ?? firstText(event, 'account'),
      ),
      severity,
      severityAs: severityOfNumber(Number(severity ?? Number.NaN)),
      title:
        firstText(detail, 'title', 'Message') ??
        textAt(finding, 'Title') ??
        [check ?? type, state].filter(Boolean).join(': '),
      resource:
        textAt(finding, 'Resources.0.Id') ??
        textAt(detail, 'resource.instanceDetails.instanceId') ??
        ('findingArn' in detail ? textAt(event, 'resources.0') : null) ??
        thing,
      service: firstText(event, 'source'),
      startsAt: kind === 'resolve' ? null : writtenInstant(event.time, zone),
      endsAt: kind === 'resolve' ? writtenInstant(event.time, zone) : null,
      labels: present({ account: event.account, region: event.region, event_type: type }),
      annotations: present({
        description:
          firstText(detail, 'description', 'message', 'Message', 'cause') ?? textAt(finding, 'Description'),
        state,
      }),
      link: firstText(detail, 'Identifier Link') ?? textAt(finding, 'SourceUrl'),
    },
    receivedAt,
  )
}

/** A finding is over when its control has passed, or when somebody there put it away. */
function stateOf(detail: Fields, finding: unknown): string | null {
  if (finding !== undefined) {
    if (textAt(finding, 'RecordState') === 'ARCHIVED') return 'ARCHIVED'
    if (textAt(finding, 'Compliance.Status') === 'PASSED') return 'PASSED'
    return textAt(finding, 'Workflow.Status', 'RecordState')
  }
  return (
    firstText(detail, 'state', 'status', 'build-status', 'StatusCode', 'eventName') ??
    textAt(
      detail,
      'scanResultDetails.scanResultStatus',
      'newEvaluationResult.complianceType',
      'EventCategories.0',
    )
  )
}

/** GuardDuty counts from 1 to 10: low, from 4 medium, from 7 high, from 9 critical. */
function severityOfNumber(severity: number): Event['severity'] | undefined {
  if (Number.isNaN(severity)) return undefined
  if (severity >= 7) return severity >= 9 ? 'critical' : 'error'
  return severity >= 4 ? 'warning' : 'info'
}
