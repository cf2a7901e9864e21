import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { present } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { holdsVariable, templateFields } from './template.ts'
import { vocabulary } from './vocabulary.ts'

const TOKEN = /^##[A-Z_.]+##$/

const kindOfStatus = vocabulary<Event['kind']>({
  active: 'trigger',
  escalated: 'trigger',
  clear: 'resolve',
  cleared: 'resolve',
  ack: 'acknowledge',
  acked: 'acknowledge',
  acknowledged: 'acknowledge',
  test: 'test',
})

/** LogicMonitor's custom HTTP delivery, its tokens under their own names. */
export const logicmonitor = defineAdapter({
  expects: 'LogicMonitor’s tokens by their names: “internalid” or “alertid”, and “alertstatus”',
  readOne: (body, { receivedAt, zone }) => {
    const fields = templateFields(TOKEN, body)
    const key = firstText(fields, 'internalid', 'alertid')
    const status = firstText(fields, 'alertstatus', 'status')
    const isTest = holdsVariable(TOKEN, [body], 'alertstatus', 'internalid')
    if (!isTest && (key === null || !('alertstatus' in fields)))
      throw new WrongBody('It has no alert’s id or no “alertstatus”.')
    const known = kindOfStatus(status)
    if (!isTest && !known && 'alertStatusString' in body)
      throw new WrongBody('“alertstatus” is none of LogicMonitor’s.')
    const kind = isTest ? 'test' : (known ?? 'note')
    const host = firstText(fields, 'host', 'hostname')
    const datapoint = [firstText(fields, 'datasource'), firstText(fields, 'datapoint')]
      .filter(Boolean)
      .join(' ')
    return composeEvent(
      {
        kind,
        dedupKey: key ?? 'test',
        severity: firstText(fields, 'level', 'severity'),
        title: firstText(fields, 'eventmsg', 'subject', 'message') ?? (datapoint || key),
        resource: firstText(fields, 'instance', 'dataseries'),
        service: firstText(fields, 'service'),
        host,
        startsAt: writtenInstant(firstText(fields, 'startepoch', 'date', 'start'), zone),
        endsAt: kind === 'resolve' ? writtenInstant(firstText(fields, 'endepoch', 'end'), zone) : null,
        labels: present({
          host,
          datasource: fields.datasource,
          datapoint: fields.datapoint,
          instance: fields.instance,
          group: fields.group,
          type: fields.alerttype,
          value: fields.value,
          threshold: fields.threshold,
        }),
        annotations: present({ description: firstText(fields, 'eventlogmsg', 'dsdesc', 'datapointdesc') }),
        link: firstText(fields, 'alertdetailurl', 'url'),
      },
      receivedAt,
    )
  },
})
