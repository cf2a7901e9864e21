import { createHash } from 'node:crypto'
import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, WrongBody } from './adapter.ts'
import { isForeign } from './fields.ts'
import { saidLabels } from './labels.ts'

/**
 * GoAlert's generic API, for senders of it: JSON, a form or the query. Without `dedup`, the same summary and
 * details are the same alert. It answers 204, or 200 with JSON to who asks for JSON.
 */
export const goalertGeneric = defineAdapter({
  expects: 'a GoAlert alert with “summary”, and “details”, “dedup” and “action” where wanted',
  readOne: readAlert,
  accepted: ({ circumstances }) =>
    /application\/json/.test(circumstances.headers.accept ?? '')
      ? { status: 200, body: { AlertID: null, ServiceID: null, IsNew: null } }
      : { status: 204, body: undefined },
  methods: ['POST', 'GET'],
  paths: ['', '/api/v2/generic/incoming'],
  addresses: ['/api/v2/generic/incoming'],
  keyOf: (_payload, { query }) => query.token ?? null,
})

const FIELDS = new Set(['summary', 'details', 'dedup', 'action', 'token', 'meta', 'type'])

function readAlert(body: Fields, { query, receivedAt }: Circumstances): Event {
  const said: Fields = { ...query, ...body }
  if (isForeign(said, FIELDS)) throw new WrongBody('Most of its fields are not those of an alert.')
  const summary = firstText(said, 'summary')
  const dedup = firstText(said, 'dedup')
  const closes = said.action === 'close'
  if (summary === null && !(closes && dedup !== null)) throw new WrongBody('There is no “summary” in it.')
  const details = firstText(said, 'details') ?? ''
  const derived = createHash('sha256')
    .update(JSON.stringify([summary, details]))
    .digest('hex')
  return composeEvent(
    {
      kind: closes ? 'resolve' : 'trigger',
      dedupKey: dedup ?? `derived:${derived.slice(0, 32)}`,
      severity: null,
      title: summary,
      labels: saidLabels({ meta: said.meta }),
      annotations: saidLabels({ description: details }),
    },
    receivedAt,
  )
}
