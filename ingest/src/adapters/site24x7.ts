import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, isFields, WrongBody } from './adapter.ts'
import { present } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { templateFields } from './template.ts'
import { vocabulary } from './vocabulary.ts'

const VARIABLE = /^\$[A-Z_]+$/

const meaningOf = vocabulary<{ kind: Event['kind']; severity: Event['severity'] }>({
  down: { kind: 'trigger', severity: 'critical' },
  critical: { kind: 'trigger', severity: 'error' },
  trouble: { kind: 'trigger', severity: 'warning' },
  up: { kind: 'resolve', severity: 'ok' },
})

/** Site24x7's webhook, JSON or form, its variables under their own names. Maintenance is neither up nor down. */
export const site24x7 = defineAdapter({
  expects: 'Site24x7’s variables by their names: MONITORNAME or MONITOR_ID, and STATUS',
  readOne: (body, { receivedAt, query, zone }) => {
    const fields = templateFields(VARIABLE, body, query)
    const name = firstText(fields, 'monitorname')
    const key = firstText(fields, 'monitorid') ?? name ?? firstText(fields, 'monitorurl')
    const status = firstText(fields, 'status')
    const isOwn = ['monitorname', 'monitortype', 'monitordashboardlink'].some((field) => field in fields)
    if (key === null || status === null || !isOwn || isFields(body.monitor))
      throw new WrongBody('It has no monitor or no STATUS.')
    const { kind, severity } = meaningOf(status) ?? { kind: 'note' as const, severity: undefined }
    const at =
      firstText(fields, 'incidenttimeiso', 'outagetimeunixformat') ??
      writtenInstant(firstText(fields, 'incidenttime'), firstText(fields, 'timezone') ?? zone)
    return composeEvent(
      {
        kind,
        dedupKey: key,
        severity: status,
        severityAs: severity,
        title: name ?? key,
        resource: firstText(fields, 'monitorurl'),
        host: firstText(fields, 'hostname'),
        startsAt: kind === 'trigger' ? at : null,
        endsAt: kind === 'resolve' ? at : null,
        labels: present({
          monitor: name,
          type: fields.monitortype,
          group: fields.monitorgroupname,
          locations: fields.failedlocations,
          tags: fields.tags,
        }),
        annotations: present({ description: firstText(fields, 'incidentreason', 'incidentdetails') }),
        link: firstText(fields, 'monitordashboardlink', 'rcalink'),
      },
      receivedAt,
    )
  },
  methods: ['POST', 'GET'],
})
