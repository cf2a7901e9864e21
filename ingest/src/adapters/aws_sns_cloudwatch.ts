import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { alarmKind, isAwsEvent, namedBy, readAwsEvent } from './aws_eventbridge.ts'
import { asFields, identity, listAt, present, textAt, valueAt } from './fields.ts'
import { greetSns, isSnsEnvelope } from './sns-envelope.ts'

/**
 * CloudWatch's alarms, and whatever else a topic of SNS carries. The message is JSON within a text, or plain text;
 * with raw delivery it is the body itself, which nobody signs.
 */
export const awsSnsCloudwatch = defineAdapter({
  expects: 'a message of Amazon SNS (“Type”, “TopicArn”, “Message”), or with raw delivery a CloudWatch alarm',
  greet: greetSns,
  readOne: (body, circumstances) => {
    if (!isSnsEnvelope(body)) return readMessage(body, {}, circumstances)
    if (body.Type === 'Notification') return readMessage(asFields(body.Message), body, circumstances)
    const confirms = body.Type === 'SubscriptionConfirmation'
    return composeEvent(
      {
        kind: confirms ? 'ping' : 'note',
        dedupKey: identity('topic', firstText(body, 'TopicArn')),
        severity: null,
        title: `${confirms ? 'Subscribed to' : 'Unsubscribed from'} ${textAt(body, 'TopicArn') ?? 'a topic'}`,
        annotations: confirms ? {} : present({ description: body.Message }),
      },
      circumstances.receivedAt,
    )
  },
})

function readMessage(message: Fields, envelope: Fields, circumstances: Circumstances): Event {
  if (firstText(message, 'AlarmName')) return readAlarm(message, envelope, circumstances)
  if (isAwsEvent(message)) return readAwsEvent(message, circumstances)
  if ('Event Message' in message && 'Source ID' in message)
    return readAwsEvent(databaseEvent(message), circumstances)
  if (!isSnsEnvelope(envelope)) throw new WrongBody('It is neither a message of SNS nor an alarm.')
  return readText(envelope, circumstances)
}

function readAlarm(alarm: Fields, envelope: Fields, { receivedAt }: Circumstances): Event {
  const kind = alarmKind(firstText(alarm, 'NewStateValue'))
  // An alarm over an expression keeps its metrics in a list; a composite one has none.
  const metric =
    listAt(alarm, 'Trigger.Metrics')
      .map((one) => valueAt(one, 'MetricStat.Metric'))
      .find((one) => one !== undefined) ?? within(alarm, 'Trigger')
  const dimensions = listAt(metric, 'Dimensions').flatMap((one): [string, unknown][] => {
    const name = textAt(one, 'name', 'Name')
    return name ? [[name, textAt(one, 'value', 'Value')]] : []
  })
  const account = firstText(alarm, 'AWSAccountId')
  const region = firstText(alarm, 'Region')
  const name = firstText(alarm, 'AlarmName')
  return composeEvent(
    {
      kind,
      dedupKey: firstText(alarm, 'AlarmArn') ?? identity(account, region, name),
      severity: null,
      title: name,
      resource: namedBy(dimensions),
      service: textAt(metric, 'Namespace'),
      startsAt: kind === 'trigger' ? alarm.StateChangeTime : null,
      endsAt: kind === 'resolve' ? alarm.StateChangeTime : null,
      labels: present({
        ...Object.fromEntries(dimensions),
        account,
        region,
        alarm: name,
        metric: textAt(metric, 'MetricName'),
        namespace: textAt(metric, 'Namespace'),
        topic: envelope.TopicArn,
      }),
      annotations: present({
        description: firstText(alarm, 'AlarmDescription', 'NewStateReason'),
        reason: alarm.NewStateReason,
        state: alarm.NewStateValue,
      }),
    },
    receivedAt,
  )
}

const DATABASE_TROUBLE = /\b(fail(?:ed|ure|s)?|out of|full|low|incompatible|error)\b/i

/** What RDS sends to a topic itself, as EventBridge would carry it: the words alone say how bad it is. */
const databaseEvent = (message: Fields): Fields => ({
  source: 'aws.rds',
  'detail-type': 'RDS event',
  time: `${firstText(message, 'Event Time') ?? ''}`.replace(/\d$/, '$&Z'),
  detail: {
    EventCategories: [
      DATABASE_TROUBLE.test(firstText(message, 'Event Message') ?? '') ? 'failure' : 'notification',
    ],
    Message: message['Event Message'],
    SourceIdentifier: message['Source ID'],
    'Identifier Link': message['Identifier Link'],
  },
})

const FAILED = /^(failed|aborted|expired|partial|error)$/i
// AWS Budgets, in words alone.
const EXCEEDED = /^AWS Budgets: .* has exceeded/

/** Text, or JSON that is no alarm: an alert only where an attribute or the subject says so, as AWS Backup's and AWS Budgets' do. */
function readText(envelope: Fields, { receivedAt }: Circumstances): Event {
  const { MessageAttributes: attributes } = envelope
  const state = textAt(attributes, 'State.Value') ?? ''
  const topic = firstText(envelope, 'TopicArn')
  const message = textAt(envelope, 'Message')
  const about = Object.entries(asFields(attributes)).map(
    ([name, one]) => [name, textAt(one, 'Value')] as const,
  )
  return composeEvent(
    {
      kind: FAILED.test(state) || EXCEEDED.test(firstText(envelope, 'Subject') ?? '') ? 'trigger' : 'note',
      dedupKey: identity(topic, textAt(attributes, 'Id.Value') ?? firstText(envelope, 'Subject') ?? message),
      severity: null,
      title: firstText(envelope, 'Subject') ?? message?.split('\n', 1)[0] ?? null,
      startsAt: valueAt(attributes, 'StartTime.Value') ?? envelope.Timestamp,
      labels: present({ ...Object.fromEntries(about), topic }),
      annotations: present({ description: message }),
    },
    receivedAt,
  )
}
