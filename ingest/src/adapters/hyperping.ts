import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, isFields, within, WrongBody } from './adapter.ts'
import { listAt, present, textAt } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const kindOfEvent = vocabulary<Event['kind']>({ 'check.down': 'trigger', 'check.up': 'resolve' })

/** Hyperping's webhook: checks that go down and come up again. */
export const hyperping = defineAdapter({
  expects: 'a Hyperping event: an object with “event” and “check” with its “url”',
  readOne: (body, { receivedAt }) => {
    const event = firstText(body, 'event')
    const check = within(body, 'check')
    const url = firstText(check, 'url')
    if (event === null || url === null || !isFields(body.check))
      throw new WrongBody('It has no “event” or no “check.url”.')
    const kind = kindOfEvent(event) ?? 'note'
    const failed = listAt(body, 'pings').map((ping) =>
      [textAt(ping, 'location'), textAt(ping, 'statusMessage', 'status')].filter(Boolean).join(': '),
    )
    return composeEvent(
      {
        kind,
        dedupKey: url,
        severity: null,
        severityAs: kind === 'trigger' ? 'critical' : undefined,
        title: firstText(check, 'name') ?? url,
        resource: url,
        startsAt: kind === 'trigger' ? check.date : null,
        endsAt: kind === 'resolve' ? check.date : null,
        labels: present({ event, url, status: firstText(check, 'status') }),
        annotations: present({ description: failed.join('\n') }),
      },
      receivedAt,
    )
  },
})
