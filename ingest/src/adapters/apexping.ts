import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, within, WrongBody } from './adapter.ts'
import { present, textAt } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const kindOfState = vocabulary<Event['kind']>({ triggered: 'trigger', resolved: 'resolve' })

/** ApexPing's webhook: an alert of a check crossed its threshold, or came back. The alert's own id is its key. */
export const apexping = defineAdapter({
  expects: 'an ApexPing alert: an object with “state”, “alert” and “check”',
  readOne: (body, { receivedAt }) => {
    const state = firstText(body, 'state')
    const alert = textAt(body, 'alert.id')
    const check = within(body, 'check')
    const name = firstText(check, 'name', 'url')
    if (state === null || alert === null || name === null)
      throw new WrongBody('It has no “state”, no “alert.id” or no “check”.')
    const address = firstText(check, 'url')
    const protocol = firstText(check, 'protocol') ?? 'http'
    return composeEvent(
      {
        kind: kindOfState(state) ?? 'note',
        dedupKey: alert,
        severity: null,
        title: name,
        resource: address,
        startsAt: body.triggered_at,
        labels: present({
          check: textAt(check, 'id'),
          method: check.method,
          type: textAt(body, 'alert.type'),
          url: address,
        }),
        annotations: present({
          description: ['alert.stat', 'alert.type', 'alert.op', 'alert.value']
            .map((path) => textAt(body, path))
            .filter((word) => word !== null)
            .join(' '),
          value: textAt(body, 'value'),
        }),
        // Its addresses have no scheme.
        link: address && (/^\w+:\/\//.test(address) ? address : `${protocol}://${address}`),
      },
      receivedAt,
    )
  },
})
