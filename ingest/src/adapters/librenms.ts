import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { identity, present } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { templateFields } from './template.ts'
import { vocabulary } from './vocabulary.ts'

const VARIABLE = /^\{\{.*\}\}$/

// 3 is worse, 4 better, 5 changed: it fires still.
const kindOfState = vocabulary<Event['kind']>({
  '0': 'resolve',
  ok: 'resolve',
  recovered: 'resolve',
  '1': 'trigger',
  alert: 'trigger',
  '2': 'acknowledge',
  acknowledged: 'acknowledge',
  '3': 'trigger',
  worse: 'trigger',
  '4': 'trigger',
  better: 'trigger',
  '5': 'trigger',
  changed: 'trigger',
})

/** LibreNMS by its API transport, as JSON, form or address. */
export const librenms = defineAdapter({
  expects: 'LibreNMS’s alert: “device_id” (or “hostname”), “rule_id” (or “name”) and “state”',
  readOne: (body, { receivedAt, zone, query }) => {
    const fields = templateFields(VARIABLE, body, query)
    const hostname = firstText(fields, 'hostname', 'sysname')
    const rule = firstText(fields, 'ruleid')
    const name = firstText(fields, 'name', 'rulename')
    const device = firstText(fields, 'deviceid') ?? hostname
    const told = kindOfState(firstText(fields, 'state'))
    if (device === null || (rule ?? name) === null || !told)
      throw new WrongBody('It has no “device_id”, no “rule_id” or no “state” from 0 to 5.')
    // What the transport's own button sends.
    const isTest = rule === '000' || name === 'Test-Rule'
    const kind = isTest ? 'test' : told
    const at = writtenInstant(firstText(fields, 'timestamp'), zone)
    return composeEvent(
      {
        kind,
        dedupKey: identity(device, rule ?? name),
        severity: firstText(fields, 'severity'),
        title: name ?? firstText(fields, 'title'),
        host: hostname,
        startsAt: kind === 'trigger' ? at : null,
        endsAt: kind === 'resolve' ? at : null,
        labels: present({
          host: hostname,
          alertname: name,
          sysname: fields.sysname,
          address: fields.ip,
          os: fields.os,
          type: fields.type,
          hardware: fields.hardware,
          location: fields.location,
        }),
        annotations: present({
          description: firstText(fields, 'msg', 'title'),
          notes: firstText(fields, 'alertnotes'),
          procedure: firstText(fields, 'proc'),
        }),
        link: firstText(fields, 'url', 'link'),
      },
      receivedAt,
    )
  },
  methods: ['POST', 'PUT', 'GET'],
})
