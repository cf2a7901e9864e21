import { composeEvent } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { identity, present } from './fields.ts'
import { templateFields } from './template.ts'

const TAG = /^<[\w/-]+>$/

const WELL = ['ok', 'normal', 'cleared', 'informational']

/**
 * Fail2ban by an action with curl: a ban, and where `actionunban` is written too, its end. The text of a ban
 * counts attempts, so only host, jail and address say which ban it is.
 */
export const fail2ban = defineAdapter({
  expects: 'a ban: an object with “hostname”, “jail” (or “resource”) and “ip” (or “attributes.bannedIp”)',
  readOne: (body, { receivedAt, query }) => {
    const fields = templateFields(TAG, body, query)
    const host = firstText(fields, 'hostname', 'host')
    const jail = firstText(fields, 'jail', 'resource')
    const address = firstText(fields, 'ip', 'attributesbannedip', 'attributesip', 'bannedip')
    if (jail === null || address === null) throw new WrongBody('It has no jail or no banned address.')
    const severity = firstText(fields, 'severity')
    const text = firstText(fields, 'event')
    const isOver =
      /unban/i.test(firstText(fields, 'action', 'type') ?? text ?? '') ||
      WELL.includes(severity?.toLowerCase() ?? '')
    return composeEvent(
      {
        kind: isOver ? 'resolve' : 'trigger',
        dedupKey: identity(host, jail, address),
        severity,
        title: text ?? `${address} is ${isOver ? 'no longer ' : ''}banned by ${jail}`,
        resource: jail,
        service: firstText(fields, 'service'),
        host,
        startsAt: isOver ? null : firstText(fields, 'time'),
        endsAt: isOver ? firstText(fields, 'time') : null,
        labels: present({ host, jail, address, environment: fields.environment, failures: fields.failures }),
        annotations: present({ description: firstText(fields, 'message', 'text', 'matches') }),
      },
      receivedAt,
    )
  },
  methods: ['POST', 'GET'],
})
