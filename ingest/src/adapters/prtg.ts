import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { present } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { holdsVariable, templateFields } from './template.ts'

const VARIABLE = /^%\w+$/

/** PRTG by its HTTP action, form or JSON, whose fields are what was written there: `sensorid=%sensorid&…`. */
export const prtg = defineAdapter({
  expects: 'PRTG’s placeholders by their names: “sensorid” and “status” at least',
  readOne: (body, { receivedAt, zone, query }) => {
    const fields = templateFields(VARIABLE, body, query)
    const isTest = holdsVariable(VARIABLE, [body, query], 'status', 'sensorid')
    const device = firstText(fields, 'device')
    const sensor = firstText(fields, 'sensor')
    const id = firstText(fields, 'sensorid') ?? (device && sensor && `${device}/${sensor}`)
    const status = firstText(fields, 'status', 'laststatus')
    if (!isTest && (id === null || status === null))
      throw new WrongBody('It has no “sensorid” or no “status”.')
    const { kind, severityAs } = meaningOf(status ?? '')
    const at = writtenInstant(firstText(fields, 'datetime'), zone)
    return composeEvent(
      {
        kind: isTest ? 'test' : kind,
        dedupKey: id ?? 'test',
        severity: status,
        severityAs,
        title: firstText(fields, 'name') ?? ([device, sensor].filter(Boolean).join(': ') || id),
        resource: sensor,
        service: firstText(fields, 'service'),
        host: firstText(fields, 'host') ?? device,
        startsAt: kind === 'trigger' ? at : null,
        endsAt: kind === 'resolve' ? at : null,
        labels: present({
          host: firstText(fields, 'host') ?? device,
          sensor,
          group: fields.group,
          probe: fields.probe,
          priority: fields.priority,
          tags: fields.objecttags,
        }),
        annotations: present({
          description: firstText(fields, 'message', 'lastmessage'),
          value: fields.lastvalue,
        }),
        link: firstText(fields, 'linksensor', 'link', 'url'),
      },
      receivedAt,
    )
  },
  methods: ['POST', 'PUT', 'GET'],
})

type Meaning = { kind: Event['kind']; severityAs: Event['severity'] | undefined }

/**
 * “Down”, “Down ended (now: Up)”, “Warning (Acknowledged)”: where it tells what it is now, that counts, for a
 * sensor that ended being down because somebody paused it has not recovered.
 */
function meaningOf(status: string): Meaning {
  const word = (/\(now: *(.+?)\)*$/i.exec(status)?.[1] ?? status).trim().toLowerCase()
  if (word === 'up' || /\bended$/.test(word)) return { kind: 'resolve', severityAs: 'ok' }
  if (word.includes('acknowledged')) return { kind: 'acknowledge', severityAs: 'critical' }
  if (/^(?:down|error)\b/.test(word)) return { kind: 'trigger', severityAs: 'critical' }
  if (/^(?:warning|unusual)\b/.test(word)) return { kind: 'trigger', severityAs: 'warning' }
  return { kind: 'note', severityAs: undefined }
}
