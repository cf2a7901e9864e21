import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { isForeign, kindOf } from './fields.ts'
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
  refused: ({ status, detail, errors }, path) => ({
    status,
    body: {
      message: errors && path !== '' ? 'Request body is not processable. Please check the errors.' : detail,
      ...(errors && { errors: Object.fromEntries([errors]) }),
      took: 0,
      requestId: crypto.randomUUID(),
    },
  }),
  overload: { limited: 429, unavailable: 503 },
  mayBeEmpty: true,
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

/** Said as Opsgenie says it: which field, and what is wrong with it. */
const unfit = (field: string, words: string) => new WrongBody(words, 422, [field, words])

const FIELDS = new Set(
  'message alias description responders visibleTo teams recipients actions tags details entity source priority user note'.split(
    ' ',
  ),
)
const IDENTIFIERS = ['id', 'tiny', 'alias']

// Where four digits of a year end; what lies beyond is a slip, and no store takes it.
const LATEST = Date.UTC(9999, 11, 31)

/** Until when it rests, as everybody writes it. */
function endOf(body: Fields, receivedAt: Date): string {
  const end = Date.parse(firstText(body, 'endTime') ?? '')
  if (!(end > receivedAt.getTime() && end < LATEST))
    throw unfit('endTime', 'End time should be a date in the future.')
  return new Date(end).toISOString()
}

function readRequest(body: Fields, { path, method, query, named, receivedAt, fresh }: Circumstances): Event {
  const [, , , identifier, action] = path.split('/')
  if (identifier !== undefined) {
    if (!IDENTIFIERS.includes(query.identifierType ?? 'id'))
      throw unfit('identifierType', 'Identifier type should be one of [id, tiny, alias].')
    // What is deleted there never closes any more.
    const verb = method === 'DELETE' ? 'close' : (action ?? '').toLowerCase()
    const kind = kindOf(KINDS, verb)
    const until = kind === 'snooze' ? endOf(body, receivedAt) : null
    return composeEvent(
      {
        kind,
        dedupKey: named ?? decodeURIComponent(identifier),
        severity: null,
        title: kind === 'note' ? (firstText(body, 'note') ?? action ?? null) : null,
        labels: saidLabels({ action, source: body.source, user: body.user }),
        annotations: saidLabels({ note: body.note, ...(until && { until }) }),
      },
      receivedAt,
    )
  }
  if (path === '' && isForeign(body, FIELDS))
    throw new WrongBody('Most of its fields are not those of an alert.')
  const message = firstText(body, 'message')
  if (message === null) throw unfit('message', 'Message can not be empty.')
  const alias = firstText(body, 'alias')
  if (alias !== null && alias.length > ALIAS_LENGTH)
    throw unfit('alias', `Alias can not be longer than ${ALIAS_LENGTH} characters.`)
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
