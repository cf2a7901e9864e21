import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { present } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const kindOfType = vocabulary<Event['kind']>({ alert: 'trigger', recovery: 'resolve' })

/** Cronitor's webhook. The monitor is the alert, whatever rule of it was broken. */
export const cronitor = defineAdapter({
  expects: 'a Cronitor alert: an object with “id”, “monitor” and “type”',
  readOne: (body, { receivedAt }) => {
    const id = firstText(body, 'id', 'key')
    const monitor = firstText(body, 'monitor')
    const type = firstText(body, 'type')
    const key = id ?? monitor
    if (key === null || type === null || !('monitor' in body || 'rule' in body))
      throw new WrongBody('It has no “monitor” or no “type”.')
    return composeEvent(
      {
        kind: kindOfType(type) ?? 'note',
        dedupKey: key,
        severity: firstText(body, 'severity'),
        title: monitor ?? key,
        service: firstText(body, 'service', 'group'),
        labels: present({
          monitor,
          rule: firstText(body, 'rule'),
          environment: firstText(body, 'environment', 'env'),
        }),
        annotations: present({ description: firstText(body, 'description') }),
        link:
          firstText(body, 'url', 'issue_url') ??
          (id && `https://cronitor.io/app/monitors/${encodeURIComponent(id)}`),
      },
      receivedAt,
    )
  },
})
