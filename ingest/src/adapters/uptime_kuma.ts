import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { asFields, fromText } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { saidLabels, wordOf } from './labels.ts'

const DOWN = '0'
const UP = '1'
const CERTIFICATE = /^(.*?) (?:\w+ )?certificate\b.*\bexpire/is

/**
 * Uptime Kuma: JSON, the same JSON in one field of a form, or its parts in the query of a GET. Pending and
 * maintenance are neither down nor up. Tests and certificate notices come without heartbeat and monitor.
 */
export const uptimeKuma = defineAdapter({
  expects: 'an Uptime Kuma notification {"heartbeat": { … }, "monitor": { … }, "msg": "…"}',
  readOne: readNotice,
  methods: ['POST', 'GET'],
})

function readNotice(given: Fields, { query, receivedAt, fresh }: Circumstances): Event {
  const inForm = fromText(given.data)
  const body: Fields = { ...query, ...(isFields(inForm) ? inForm : given) }
  const heartbeat = asFields(body.heartbeat)
  const monitor = asFields(body.monitor)
  const message = firstText(body, 'msg')
  const id = firstText(body, 'id') ?? firstText(monitor, 'id') ?? firstText(heartbeat, 'monitorID')
  if (!('heartbeat' in body || 'msg' in body) || 'device_id' in body)
    throw new WrongBody('There is neither a “monitor” nor a “msg” in it.')
  if (id === null) {
    if (message === null || !('heartbeat' in body || 'monitor' in body || 'msg' in query))
      throw new WrongBody('There is neither a “monitor” nor a “msg” in it.')
    return readBareMessage(message, fresh, receivedAt)
  }
  const status = firstText(heartbeat, 'status')
  const kind = status === DOWN ? 'trigger' : status === UP ? 'resolve' : 'note'
  // In UTC, though it does not say so.
  const time = writtenInstant(heartbeat.time, 'UTC')
  const url = firstText(monitor, 'url')
  const host = firstText(monitor, 'hostname')
  const port = firstText(monitor, 'port')
  return composeEvent(
    {
      kind,
      dedupKey: id,
      severity: firstText(body, 'urgency'),
      severityAs: kind === 'trigger' ? 'critical' : 'ok',
      title: firstText(body, 'title') ?? firstText(monitor, 'name') ?? message,
      // A monitor of another type than HTTP keeps the empty beginning of an address.
      resource: url !== null && !/^https?:\/\/$/.test(url) ? url : host && port ? `${host}:${port}` : host,
      host,
      startsAt: kind === 'trigger' ? time : null,
      endsAt: kind === 'resolve' ? time : null,
      labels: saidLabels({
        monitor: monitor.name,
        type: monitor.type,
        tags: Array.isArray(monitor.tags) ? monitor.tags.map(tagOf) : null,
      }),
      annotations: saidLabels({ description: heartbeat.msg ?? message }),
      link: url,
    },
    receivedAt,
  )
}

function readBareMessage(message: string, fresh: string, receivedAt: Date): Event {
  const certificate = CERTIFICATE.exec(message)?.[1]
  return composeEvent(
    {
      kind: certificate ? 'trigger' : /\btest/i.test(message) ? 'test' : 'note',
      dedupKey: certificate ? `certificate:${certificate}` : fresh,
      severity: null,
      title: message,
    },
    receivedAt,
  )
}

const tagOf = (tag: unknown): string =>
  isFields(tag) ? [wordOf(tag.name), wordOf(tag.value)].filter((word) => word !== '').join(':') : wordOf(tag)
