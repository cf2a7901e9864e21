import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { present } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const STATES = ['alerting', 'ok']

const kindOfState = vocabulary<Event['kind']>({
  ok: 'resolve',
  resolved: 'resolve',
  acknowledged: 'acknowledge',
  silenced: 'note',
})

/** Grafana OnCall's formatted webhook, which its Zabbix script sends too. Severity has no place in it. */
export const grafanaOncall = defineAdapter({
  expects: 'a formatted webhook of Grafana OnCall: an object with “alert_uid”, “title” and “state”',
  readOne: (body, { receivedAt }) => {
    const uid = firstText(body, 'alert_uid')
    const title = firstText(body, 'title')
    // Uptime Kuma names no alert, and says in the title how it stands.
    const key = uid ?? title?.replace(/ is (?:down|up)$/, '') ?? null
    const state = (firstText(body, 'state') ?? 'alerting').toLowerCase()
    const isOwn = uid !== null || 'link_to_upstream_details' in body || STATES.includes(String(body.state))
    if (key === null || !isOwn || Array.isArray(body.alerts) || 'ruleId' in body)
      throw new WrongBody('It has neither “alert_uid”, nor “title” with a “state” of OnCall’s.')
    return composeEvent(
      {
        kind: kindOfState(state) ?? 'trigger',
        dedupKey: key,
        severity: firstText(body, 'severity'),
        title: title ?? firstText(body, 'message') ?? key,
        service: firstText(body, 'service'),
        host: firstText(body, 'host'),
        labels: present({ state }),
        annotations: present({
          description: firstText(body, 'message'),
          image: firstText(body, 'image_url'),
        }),
        link: firstText(body, 'link_to_upstream_details'),
      },
      receivedAt,
    )
  },
})
