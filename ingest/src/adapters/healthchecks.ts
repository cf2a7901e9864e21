import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, WrongBody } from './adapter.ts'
import { asFields, kindOf } from './fields.ts'
import { saidLabels } from './labels.ts'
import { templateFields } from './template.ts'

const KINDS: Record<string, Event['kind']> = {
  down: 'trigger',
  trigger: 'trigger',
  up: 'resolve',
  resolve: 'resolve',
}

const VARIABLE = /^\$[A-Z]+[0-9]*$/

/**
 * Healthchecks: the URL for down and the URL for up, their bodies and the query are all its administrator's. The
 * status and the check (`$CODE`) are taken from wherever they were put; `check` may be the whole `$JSON`.
 */
export const healthchecks = defineAdapter({
  expects: 'a Healthchecks webhook that says “status” (down or up) and “check” in its query or its body',
  readOne: readNotice,
  methods: ['POST', 'GET', 'PUT'],
})

function readNotice(body: Fields, { query, receivedAt }: Circumstances): Event {
  const whole = body.check ?? body.json ?? query.check
  const said = templateFields(VARIABLE, body, query, asFields(whole))
  const status = firstText(said, 'status', 'eventtype')
  const key = firstText(said, 'uuid', 'code', 'incidentkey', 'uniquekey', 'check', 'slug', 'name')
  const name = firstText(said, 'name', 'title')
  if (status === null) throw new WrongBody('Nothing in the query or the body says “status”.')
  if (!(status.toLowerCase() in KINDS) && name !== 'TEST')
    throw new WrongBody(`“status” is “${status.slice(0, 50)}”, and neither down nor up.`)
  if (key === null) throw new WrongBody('Nothing in the query or the body says which “check” it is.')
  // “Test” in its pages sends a check of this name.
  const kind = name === 'TEST' ? 'test' : kindOf(KINDS, status.toLowerCase())
  return composeEvent(
    {
      kind,
      dedupKey: key,
      severity: null,
      severityAs: kind === 'resolve' ? 'ok' : 'error',
      title: name ?? key,
      resource: firstText(said, 'slug'),
      startsAt: kind === 'trigger' ? said.now : null,
      endsAt: kind === 'resolve' ? said.now : null,
      labels: saidLabels({ check: name, tags: said.tags, exit_status: said.exitstatus }),
      annotations: saidLabels({ description: said.description ?? said.desc, last_ping: said.lastping }),
      link: firstText(said, 'clienturl'),
    },
    receivedAt,
  )
}
