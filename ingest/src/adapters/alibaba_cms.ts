import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, isFields, WrongBody } from './adapter.ts'
import { asFields, identity, present } from './fields.ts'
import { saidLabels } from './labels.ts'
import { vocabulary } from './vocabulary.ts'

const kindOfStatus = vocabulary<Event['kind']>({
  occurred: 'trigger',
  alert: 'trigger',
  alarm: 'trigger',
  resolved: 'resolve',
  ok: 'resolve',
})
const severityOfWord = vocabulary<Event['severity']>({
  critical: 'critical',
  p1: 'critical',
  error: 'error',
  p2: 'error',
  warn: 'warning',
  warning: 'warning',
  p3: 'warning',
  info: 'info',
  p4: 'info',
})

/** Alibaba CloudMonitor: the webhook of its second generation, and the form that the first one calls back with. */
export const alibabaCms = defineAdapter({
  expects: 'an alert of CloudMonitor: “status” OCCURRED or RESOLVED, or “alertState” ALERT or OK',
  readOne: (body, { receivedAt }) => {
    if (Array.isArray(body.alerts)) throw new WrongBody('It is a list of alerts.')
    const word = firstText(body, 'status', 'alertState')
    const rule = firstText(body, 'ruleId', 'ruleName', 'alertName')
    const subject = firstText(body, 'subject', 'alertName', 'title')
    if (
      word === null ||
      (rule ?? subject) === null ||
      (!('alertState' in body) && kindOfStatus(word) === undefined)
    )
      throw new WrongBody('It has no “status” or “alertState”, or no rule and no subject.')
    const entity = asFields(body.entity ?? body.resource)
    const dimensions = asFields(body.dimensions)
    const labels = saidLabels({ ...asFields(body.labels), ...dimensions })
    const about =
      firstText(entity, 'entityId', 'id', 'name') ??
      (typeof body.entity === 'string' && !isFields(body.entity) ? body.entity : null) ??
      firstText(body, 'dimensions', 'instanceName')
    const kind = kindOfStatus(word) ?? 'note'
    const severity = firstText(body, 'severity', 'triggerLevel', 'level')
    // Of its two times the one in milliseconds is when it happened; the other is when it was sent.
    const at = body.timestamp ?? body.time
    return composeEvent(
      {
        kind,
        dedupKey:
          rule !== null && about !== null
            ? identity(rule, about)
            : identity(rule ?? subject, JSON.stringify(labels)),
        severity,
        severityAs: severityOfWord(severity),
        title: subject ?? rule,
        resource: firstText(body, 'instanceName') ?? firstText(entity, 'name', 'entityName') ?? about,
        service: firstText(body, 'namespace', 'metricProject', 'product'),
        startsAt: kind === 'trigger' ? numeric(at) : null,
        endsAt: kind === 'resolve' ? numeric(at) : null,
        labels: present({
          ...labels,
          metric: firstText(body, 'metricName', 'rawMetricName'),
          region: firstText(body, 'regionId'),
        }),
        annotations: present({
          description: firstText(body, 'content', 'expression'),
          value: firstText(body, 'curValue'),
        }),
        link: firstText(body, 'url', 'detailUrl'),
      },
      receivedAt,
    )
  },
})

/** A form carries numbers as text. */
const numeric = (at: unknown) => (typeof at === 'string' && /^\d+$/.test(at) ? Number(at) : at)
