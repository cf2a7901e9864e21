import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, type Fields, within, WrongBody } from './adapter.ts'
import { asFields, identity, present } from './fields.ts'
import { Forged } from './signature.ts'

const severityOfLevel: Record<string, Event['severity']> = {
  critical: 'critical',
  major: 'error',
  minor: 'warning',
  informational: 'info',
}
const CONSOLES = /^(?:[a-z0-9-]+\.)+myhuaweicloud\.(?:com|eu)$/

const isEnvelope = (body: Fields): boolean =>
  firstText(body, 'topic_urn') !== null && firstText(body, 'type') !== null

/** Cloud Eye of Huawei Cloud, through a topic of SMN: the alarm is JSON within a text. */
export const huaweiCes = defineAdapter({
  expects: 'a message of Huawei’s SMN (“type”, “topic_urn”, “message”), or the alarm in it',
  /** A subscription ends by itself unless its address is visited; only Huawei's own is. */
  greet: async (body, _circumstances, _secrets, outside) => {
    const fields = asFields(body)
    if (!isEnvelope(fields) || fields.type !== 'SubscriptionConfirmation') return
    const text = firstText(fields, 'subscribe_url') ?? ''
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (
      !url ||
      url.protocol !== 'https:' ||
      url.port !== '' ||
      url.username !== '' ||
      !CONSOLES.test(url.hostname)
    )
      throw new Forged('“subscribe_url” is no address of Huawei Cloud.')
    const { status } = await outside.read(url)
    if (status !== 200) throw new Error(`the confirmation was answered with ${status}`)
  },
  readOne: (body, { receivedAt }) => {
    const inEnvelope = isEnvelope(body)
    const topic = firstText(body, 'topic_urn')
    const message = inEnvelope ? asFields(body.message) : body
    const filled = within(message, 'template_variable')
    const record = firstText(filled, 'AlarmRecordID') ?? firstText(message, 'alarm_record_id')
    const rule = firstText(message, 'alarm_id') ?? firstText(filled, 'AlarmRuleID')
    const said = filled.IsAlarm ?? message.alarm_status
    if ((record ?? rule) === null) {
      if (!inEnvelope) throw new WrongBody('It is neither a message of SMN nor an alarm.')
      const title = firstText(body, 'subject', 'type')
      const kind = body.type === 'SubscriptionConfirmation' ? 'ping' : 'note'
      return composeEvent(
        { kind, dedupKey: identity('topic', topic), severity: null, title, labels: present({ topic }) },
        receivedAt,
      )
    }
    const kind = /^(?:true|alarm)$/i.test(String(said))
      ? 'trigger'
      : /^(?:false|ok)$/i.test(String(said))
        ? 'resolve'
        : 'note'
    const level = firstText(filled, 'AlarmLevel') ?? firstText(message, 'alarm_level')
    const at = message.time ?? filled.AlarmTime ?? body.timestamp
    const resource = firstText(filled, 'ResourceName', 'ResourceId') ?? firstText(message, 'dimension')
    return composeEvent(
      {
        kind,
        dedupKey: record ?? identity(rule, firstText(message, 'dimension')),
        severity: level,
        severityAs: level === null ? undefined : severityOfLevel[level.toLowerCase()],
        title:
          firstText(filled, 'AlarmRuleName') ??
          firstText(message, 'alarm_name') ??
          firstText(body, 'subject'),
        resource,
        service: firstText(message, 'namespace') ?? firstText(filled, 'Namespace'),
        startsAt: kind === 'trigger' ? at : null,
        endsAt: kind === 'resolve' ? at : null,
        labels: present({
          metric: firstText(message, 'metric_name') ?? firstText(filled, 'MetricName'),
          namespace: firstText(message, 'namespace') ?? firstText(filled, 'Namespace'),
          region: firstText(filled, 'RegionId', 'Region'),
          resource_id: firstText(filled, 'ResourceId'),
          topic,
        }),
        annotations: present({
          description: firstText(message, 'sms_content'),
          value: firstText(filled, 'CurrentData'),
        }),
      },
      receivedAt,
    )
  },
})
