import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { kindOf } from './fields.ts'
import { saidLabels } from './labels.ts'
import { opsgeniePriority } from './opsgenie.ts'

const ALIAS_LENGTH = 512
const KINDS: Record<string, Event['kind']> = {
  close: 'resolve',
  acknowledge: 'acknowledge',
  snooze: 'snooze',
}

/**
 * Opsgenie's Alert API, for senders of it. Creating says all in the body; every other action names its alert in
 * the path (`/v2/alerts/{identifier}/close?identifierType=alias`) and has hardly a body.
 */
export const opsgenieApi = defineAdapter({
  expects:
    'an Opsgenie alert {"message": "…", "alias": "…"}, or an action on one at /v2/alerts/{identifier}/{action}',
  readOne: readRequest,
  accepted: ({ receipt }) => ({
    status: 202,
    body: { result: 'Request will be processed', took: 0, requestId: receipt },
  }),
  refused: ({ status, detail }) => ({
    status,
    body: { message: detail, took: 0, requestId: crypto.randomUUID() },
  }),
  overload: { limited: 429, unavailable: 503 },
  methods: ['POST', 'DELETE'],
  paths: ['', '/v2/alerts', '/v2/alerts/*', '/v2/alerts/*/*'],
  addresses: ['/v2/alerts', '/v2/alerts/*', '/v2/alerts/*/*'],
  named: ({ path, query: { identifierType = 'id' } }) => {
    const value = path.split('/')[3]
    return value !== undefined && (identifierType === 'id' || identifierType === 'tiny')
      ? { by: identifierType, value }
      : undefined
  },
  keyOf: (_payload, { headers }) => /^GenieKey +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null,
})

function readRequest(body: Fields, { path, method, named, receivedAt, fresh }: Circumstances): Event {
  const [, , , identifier, action] = path.split('/')
  if (identifier !== undefined) {
    // What is deleted there never closes any more.
    const verb = method === 'DELETE' ? 'close' : (action ?? '').toLowerCase()
    const kind = kindOf(KINDS, verb)
    if (kind === 'snooze' && !(Date.parse(firstText(body, 'endTime') ?? '') > receivedAt.getTime()))
      throw new WrongBody('End time should be a date in the future.')
    return composeEvent(
      {
        kind,
        dedupKey: named ?? decodeURIComponent(identifier),
        severity: null,
        title: kind === 'note' ? (firstText(body, 'note') ?? action ?? null) : null,
        labels: saidLabels({ action, source: body.source, user: body.user }),
        annotations: saidLabels({ note: body.note, ...(kind === 'snooze' && { until: body.endTime }) }),
      },
      receivedAt,
    )
  }
  const message = firstText(body, 'message')
  if (message === null) throw new WrongBody('Message can not be empty.')
  const alias = firstText(body, 'alias')
  if (alias !== null && alias.length > ALIAS_LENGTH)
    throw new WrongBody(`Alias can not be longer than ${ALIAS_LENGTH} characters.`)
  return composeEvent(
    {
      kind: 'trigger',
      dedupKey: alias ?? fresh,
      ...opsgeniePriority(body),
      title: message,
      resource: firstText(body, 'entity'),
      labels: saidLabels({ ...within(body, 'details'), tags: body.tags, source: body.source }),
      annotations: saidLabels({ description: body.description, note: body.note }),
    },
    receivedAt,
  )
}
