import { createHmac } from 'node:crypto'
import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { identity, present, textAt, valueAt } from './fields.ts'
import { Forged } from './signature.ts'
import { vocabulary } from './vocabulary.ts'

const severityOfWord = vocabulary<Event['severity']>({
  clear: 'ok',
  warning: 'warning',
  critical: 'critical',
})

/**
 * Netdata Cloud’s webhook: alerts, and nodes that come and go. An alert names its space, alert and chart, but no
 * host. To set it up it sends a test with a token, or asks for the proof of a secret that both sides know.
 */
export const netdataCloud = defineAdapter({
  expects: 'a Netdata Cloud notification: “alert” with “severity”, or “host” with “status.reachable”',
  readOne: (body, circumstances) => {
    if (isFields(body.status) && 'reachable' in body.status) return readNode(body, circumstances)
    if (firstText(body, 'alert') !== null && firstText(body, 'severity', 'status', 'chart', 'space'))
      return readAlert(body, circumstances)
    const token = firstText(body, 'token') ?? challengeOf(circumstances)
    if (token === null) throw new WrongBody('It has neither “alert” nor “status.reachable”.')
    return composeEvent(
      {
        kind: 'crc_token' in circumstances.query ? 'ping' : 'test',
        dedupKey: 'test',
        severity: firstText(body, 'severity'),
        severityAs: 'info',
        title: firstText(body, 'message') ?? 'Netdata Cloud checks the address',
        annotations: { token },
      },
      circumstances.receivedAt,
    )
  },
  methods: ['POST', 'GET'],
  greet: async (_payload, circumstances, secrets) => {
    const challenge = challengeOf(circumstances)
    if (challenge === null) return undefined
    const [secret] = secrets
    if (secret === undefined) throw new Forged('Enter the challenge secret here first, the same as there.')
    const proof = createHmac('sha256', secret).update(challenge).digest('base64')
    return { status: 200, body: { response_token: `sha256=${proof}` } }
  },
})

const challengeOf = ({ query }: Circumstances): string | null => firstText(query, 'crc_token')

function readAlert(body: Fields, { receivedAt }: Circumstances): Event {
  const severity = firstText(body, 'severity') ?? textAt(body, 'status')
  const word = (severity ?? '').toLowerCase()
  const chart = firstText(body, 'chart')
  const host = firstText(body, 'host', 'node', 'hostname')
  const kind = word === 'clear' || word === 'cleared' ? 'resolve' : 'trigger'
  const at = firstText(body, 'date')
  const room = Object.keys(isFields(body.Rooms) ? body.Rooms : {}).join(',')
  return composeEvent(
    {
      kind,
      dedupKey: identity(firstText(body, 'space'), firstText(body, 'alert'), chart, host),
      severity,
      severityAs: severityOfWord(severity),
      title: firstText(body, 'message', 'alert'),
      resource: chart,
      host,
      startsAt: kind === 'trigger' ? at : null,
      endsAt: kind === 'resolve' ? at : null,
      labels: present({
        alertname: body.alert,
        space: body.space,
        chart,
        context: body.context,
        family: body.family,
        class: body.class,
        room,
        host,
      }),
      annotations: present({ description: firstText(body, 'info'), duration: body.duration }),
      link: firstText(body, 'alert_url', 'url'),
    },
    receivedAt,
  )
}

function readNode(body: Fields, { receivedAt }: Circumstances): Event {
  const host = firstText(body, 'host')
  if (host === null) throw new WrongBody('“host” is empty.')
  const reachable = valueAt(body, 'status.reachable')
  const isBack = reachable === true || reachable === 'true'
  return composeEvent(
    {
      kind: isBack ? 'resolve' : 'trigger',
      dedupKey: identity('node', host),
      severity: firstText(body, 'severity'),
      severityAs: isBack ? 'ok' : 'critical',
      title: firstText(body, 'message') ?? `${host} is ${isBack ? 'reachable' : 'unreachable'}`,
      host,
      labels: { host, alertname: 'reachability' },
      link: firstText(body, 'url'),
    },
    receivedAt,
  )
}
