import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { present } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

// 0 is triggered: a status that counts as nothing elsewhere.
const kindOfStatus = vocabulary<Event['kind']>({
  '0': 'trigger',
  triggered: 'trigger',
  '1': 'resolve',
  cleared: 'resolve',
})
const severityOfWord = vocabulary<Event['severity']>({
  emergency: 'critical',
  critical: 'error',
  warning: 'warning',
  informational: 'info',
})

/** Auvik's webhook. What it triggers and what it clears share a correlation. */
export const auvik = defineAdapter({
  expects: 'an Auvik alert: an object with “correlationId”, “alertName” and “alertStatus”',
  readOne: (body, { receivedAt }) => {
    const key = firstText(body, 'correlationId', 'alertId')
    const status = firstText(body, 'alertStatus', 'alertStatusString')
    if (key === null || status === null || !('alertName' in body || 'alertDescription' in body))
      throw new WrongBody('It has no “correlationId” or no “alertStatus”.')
    const kind = kindOfStatus(status) ?? 'note'
    const severity = firstText(body, 'alertSeverityString')
    const entity = firstText(body, 'entityName')
    return composeEvent(
      {
        kind,
        dedupKey: key,
        severity: severity ?? firstText(body, 'alertSeverity'),
        severityAs: severityOfWord(severity),
        title: firstText(body, 'alertName', 'subject'),
        resource: entity,
        host: body.entityType === 'device' ? entity : null,
        startsAt: kind === 'trigger' ? body.date : null,
        endsAt: kind === 'resolve' ? body.date : null,
        labels: present({
          entity,
          type: firstText(body, 'entityType'),
          company: firstText(body, 'companyName'),
        }),
        annotations: present({ description: firstText(body, 'alertDescription') }),
        link: firstText(body, 'link'),
      },
      receivedAt,
    )
  },
})
