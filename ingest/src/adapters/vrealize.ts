import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { present } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const kindOfStatus = vocabulary<Event['kind']>({
  new: 'trigger',
  active: 'trigger',
  updated: 'trigger',
  canceled: 'resolve',
  cancelled: 'resolve',
  inactive: 'resolve',
})
const severityOfLevel = vocabulary<Event['severity']>({
  alert_criticality_level_critical: 'critical',
  alert_criticality_level_immediate: 'error',
  alert_criticality_level_warning: 'warning',
  alert_criticality_level_info: 'info',
})

/** The REST notification of vRealize (Aria) Operations: POST for what is new, PUT for what changes. */
export const vrealize = defineAdapter({
  expects: 'an alert of vRealize Operations: an object with “alertId”, “status” and “criticality”',
  readOne: (body, { receivedAt }) => {
    const key = firstText(body, 'alertId')
    const status = firstText(body, 'status')
    if (key === null || status === null || !('criticality' in body || 'resourceName' in body))
      throw new WrongBody('It has no “alertId” or no “status”.')
    const kind = kindOfStatus(status) ?? 'note'
    const level = firstText(body, 'criticality')
    const resource = firstText(body, 'resourceName')
    return composeEvent(
      {
        kind,
        dedupKey: key,
        severity: level,
        severityAs: severityOfLevel(level),
        title: firstText(body, 'alertName', 'info', 'subType'),
        resource,
        host: /^(?:VirtualMachine|HostSystem)$/.test(firstText(body, 'resourceKind') ?? '') ? resource : null,
        startsAt: body.startDate,
        // It stands there while the alert is active, too.
        endsAt: kind === 'resolve' ? body.cancelDate : null,
        labels: present({
          resource_kind: firstText(body, 'resourceKind'),
          adapter_kind: firstText(body, 'adapterKind'),
          type: firstText(body, 'type'),
          sub_type: firstText(body, 'subType'),
          impact: firstText(body, 'impact'),
        }),
        annotations: present({ description: firstText(body, 'info') }),
      },
      receivedAt,
    )
  },
  methods: ['POST', 'PUT'],
  // It adds the alert's id, and to a test the word.
  paths: ['', '/*'],
})
