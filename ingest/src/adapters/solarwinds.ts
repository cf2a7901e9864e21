import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { identity, present } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { templateFields } from './template.ts'
import { vocabulary } from './vocabulary.ts'

const VARIABLE = /^\$\{.*\}$/

const kindOfAction = vocabulary<Event['kind']>({
  create: 'trigger',
  trigger: 'trigger',
  active: 'trigger',
  resolve: 'resolve',
  reset: 'resolve',
  acknowledge: 'acknowledge',
})

const severityOfWord = vocabulary<Event['severity']>({
  critical: 'critical',
  serious: 'error',
  warning: 'warning',
  informational: 'info',
  notice: 'info',
})

/** SolarWinds by an HTTP action of an alert: one that triggers, and one that resets. */
export const solarwinds = defineAdapter({
  expects: 'SolarWinds’ variables by their names: “AlertID”, “NodeName” and “ActionType” (Create or Resolve)',
  readOne: (body, { receivedAt, zone, query }) => {
    const fields = templateFields(VARIABLE, body, query)
    const alert = firstText(fields, 'alertid', 'alertobjectid', 'alertname')
    const action = firstText(fields, 'actiontype', 'action')
    if (alert === null || action === null) throw new WrongBody('It has no “AlertID” or no “ActionType”.')
    const node = firstText(fields, 'nodename', 'nodecaption')
    const kind = kindOfAction(action) ?? 'note'
    const severity = firstText(fields, 'severity', 'alertseverity')
    const at = writtenInstant(firstText(fields, 'alerttriggertime', 'time'), zone)
    return composeEvent(
      {
        kind,
        dedupKey: identity(alert, node, firstText(fields, 'objectname', 'objecturi')),
        severity,
        severityAs: severityOfWord(severity),
        title: firstText(fields, 'alertmessage', 'alertname') ?? `${node ?? alert}`,
        resource: firstText(fields, 'objectname') ?? node,
        host: node,
        // “Never” is what it writes before the first time.
        startsAt: kind === 'trigger' && at !== 'Never' ? at : null,
        endsAt: kind === 'resolve' && at !== 'Never' ? at : null,
        labels: present({
          host: node,
          alertname: fields.alertname,
          address: fields.ipaddress ?? fields.nodeip,
        }),
        annotations: present({ description: firstText(fields, 'alertdescription') }),
        link: firstText(fields, 'alertdetailsurl'),
      },
      receivedAt,
    )
  },
  methods: ['POST', 'GET'],
})
