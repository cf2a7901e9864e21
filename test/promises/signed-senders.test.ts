import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSystem, proofOf, setSenderSecret, SYSTEM, type System, transact } from '@tocsin/desk'
import { ADAPTERS } from '@tocsin/ingest/adapters/registry'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { amazonSns, SNS } from '../harness/amazon-sns.ts'
import { DOOR_SECRET } from '../harness/door.ts'
import { fixtures } from '../harness/fixtures.ts'
import {
  anIntegration,
  database,
  drain,
  type TestDatabase,
  type TestDoor,
  testDoor,
} from '../harness/index.ts'

let base: TestDatabase
let door: TestDoor
const amazon = amazonSns()
beforeAll(async () => {
  base = await database()
  door = await testDoor(base.url, { visit: amazon.visit })
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

/** A source whose sender signs with these, the newest last. */
async function signing(system: System, ...secrets: string[]) {
  const integration = await anIntegration(base.db, { system })
  for (const secret of secrets)
    await transact(base.db, SYSTEM, (tx) =>
      setSenderSecret(tx, DOOR_SECRET, { id: integration.id, secret, keep: true }),
    )
  const send = (body: string | Buffer | object, headers: Record<string, string> = {}) =>
    door.send(`/v1/${system}/${integration.key}`, body, headers)
  return { ...integration, send }
}

const lastReceipt = (integrationId: string) =>
  base.db
    .selectFrom('receipt')
    .select(['outcome', 'answer_status', 'reason', 'event_count', 'body'])
    .where('integration_id', '=', integrationId)
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

type Prove = (bytes: Buffer, secret: string) => Record<string, string>
const signs =
  (header: string, prefix = '', encoding: 'hex' | 'base64' = 'hex', algorithm = 'sha256'): Prove =>
  (bytes, secret) => ({ [header]: prefix + createHmac(algorithm, secret).update(bytes).digest(encoding) })
const repeats =
  (header: string): Prove =>
  (_bytes, secret) => ({ [header]: secret })

const SENDERS: [System, Prove][] = [
  ['circleci', signs('circleci-signature', 'v1=')],
  ['cloudflare', repeats('cf-webhook-auth')],
  ['flux', signs('x-signature', 'sha256=')],
  ['grafana', signs('x-grafana-alerting-signature')],
  ['github_actions', signs('x-hub-signature-256', 'sha256=')],
  ['gitlab', repeats('x-gitlab-token')],
  ['honeybadger', repeats('honeybadger-token')],
  ['honeycomb', repeats('x-honeycomb-webhook-token')],
  ['mongodb_atlas', signs('x-mms-signature', '', 'base64', 'sha1')],
  ['pagerduty_webhooks_v3', signs('x-pagerduty-signature', 'v1=')],
  ['sentry', signs('sentry-hook-signature')],
  ['splunk_observability', signs('x-sfx-signature', '', 'base64')],
]

/** One of our own samples, as its sender's bytes. */
function sampleOf(system: System): Buffer {
  const folder = new URL(`../../ingest/samples/${system}/`, import.meta.url)
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return readFileSync(new URL(file!, folder))
}

describe.each(SENDERS)('%s, once its integration holds a secret', (system, prove) => {
  const bytes = sampleOf(system)

  test('is taken with its proof', async () => {
    const { id, send } = await signing(system, 'right')
    expect((await send(bytes, prove(bytes, 'right'))).status).toBe(200)
    expect(await lastReceipt(id)).toMatchObject({ outcome: 'accepted', reason: null })
  })

  test('is 403 without it, with a wrong one or that of other bytes, and kept among the rejected with the reason', async () => {
    const { id, send } = await signing(system, 'right')
    const another = proofOf(system) === 'signature' ? [prove(Buffer.from('{}'), 'right')] : []
    for (const headers of [{}, prove(bytes, 'wrong'), ...another]) {
      expect((await send(bytes, headers)).status).toBe(403)
      const kept = await lastReceipt(id)
      expect(kept!.body.length).toBeGreaterThan(0)
      expect(kept).toMatchObject({
        outcome: 'rejected',
        answer_status: 403,
        reason: expect.stringMatching(/signature/) as string,
        event_count: 0,
      })
    }
  })

  test('is taken with either of two while one replaces the other, and no longer with one before them', async () => {
    const { send } = await signing(system, 'gone', 'old', 'new')
    const statuses = []
    for (const secret of ['gone', 'old', 'new'])
      statuses.push((await send(bytes, prove(bytes, secret))).status)
    expect(statuses).toEqual([403, 200, 200])
  })

  test('is not asked for a proof without a secret', async () => {
    const { send } = await signing(system)
    expect((await send(bytes)).status).toBe(200)
  })
})

interface Vector {
  file: string
  content_type: string
  headers: Record<string, string>
  signature_vector?: { header: string; secret: string; value: string }
}
const folder = fixtures('payloads')
const vectors = folder
  ? (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Vector[]).flatMap((sample) => {
      const system = sample.file.split('/')[0]!
      return sample.signature_vector && isSystem(system) ? [[sample.file, system, sample] as const] : []
    })
  : []

describe.skipIf(vectors.length === 0)('what real senders signed (TOCSIN_FIXTURES)', () => {
  test.each(vectors)('%s', async (file, system, { content_type, headers, signature_vector: vector }) => {
    const { send } = await signing(system, vector!.secret)
    const bytes = readFileSync(join(folder!, file))
    const sent = { ...headers, 'content-type': content_type }
    const given = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]))
    const header = vector!.header.toLowerCase()
    expect((await send(bytes, { ...given, [header]: vector!.value })).status).toBeLessThan(300)
    expect((await send(bytes, { ...given, [header]: vector!.value.replace(/[0-9a-f]/, 'x') })).status).toBe(
      403,
    )
  })
})

test('StatusCake repeats its word in its form', async () => {
  const { send } = await signing('statuscake', 'right')
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const statuses = []
  for (const token of ['right', 'wrong', ''])
    statuses.push((await send(`Token=${token}&Status=Down&TestID=1&Name=shop`, form)).status)
  expect(statuses).toEqual([200, 403, 403])
})

test('Netdata’s challenge is answered with the proof of the secret, and without one it is 403', async () => {
  const { key } = await signing('netdata_cloud', 'right')
  const asked = await fetch(`${door.url}/v1/netdata_cloud/${key}?crc_token=abc`)
  const proof = createHmac('sha256', 'right').update('abc').digest('base64')
  expect(await asked.json()).toEqual({ response_token: `sha256=${proof}` })
  const { key: bare } = await signing('netdata_cloud')
  expect((await fetch(`${door.url}/v1/netdata_cloud/${bare}?crc_token=abc`)).status).toBe(403)
})

test('Icinga’s sources show the key as their password at the address of the service itself', async () => {
  const { id, key } = await anIntegration(base.db, { system: 'icinga_notifications' })
  const event = { name: 'db-3', tags: { host: 'db-3' }, severity: 'crit' }
  const as = (password: string) => ({
    authorization: `Basic ${Buffer.from(`source:${password}`).toString('base64')}`,
  })
  expect((await door.send('/process-event', event, as(key))).status).toBe(202)
  expect(await lastReceipt(id)).toMatchObject({ outcome: 'accepted', event_count: 1 })
  expect((await door.send('/process-event', event, as('wrong'))).status).toBe(401)
  expect((await door.send('/process-event', event)).status).toBe(401)
})

test('a secret inside a body is not kept, neither of one that is taken nor of one that is refused', async () => {
  const { id, send } = await signing('rollbar')
  const metadata = { access_token: 'of-the-project', customer_timestamp: 1 }
  const item = { id: 1, project_id: 2, title: 'Broken', level: 40, last_occurrence: { metadata } }
  for (const body of [{ event_name: 'new_item', data: { item } }, { metadata }]) {
    await send(body)
    const kept = (await lastReceipt(id))!.body.toString()
    expect(kept).toContain('customer_timestamp')
    expect(kept).not.toContain('of-the-project')
  }
})

test('no sender whose messages prove themselves is left out above', () => {
  const proving = Object.keys(ADAPTERS).filter((system) => isSystem(system) && ADAPTERS[system].signature)
  expect(proving.toSorted()).toEqual([...SENDERS.map(([system]) => system), 'statuscake'].toSorted())
})

describe('Amazon SNS', () => {
  const text = { 'content-type': 'text/plain; charset=UTF-8' }
  const alarm = (state: string, at: string) =>
    JSON.stringify({
      AlarmName: 'shop-cpu',
      AWSAccountId: '210987654321',
      AlarmArn: `arn:aws:cloudwatch:eu-south-1:210987654321:alarm:shop-cpu`,
      NewStateValue: state,
      StateChangeTime: at,
      Region: 'EU (Milan)',
      Trigger: { Namespace: 'AWS/EC2', Dimensions: [] },
    })
  const fired = { Message: alarm('ALARM', '2026-03-02T04:11:09.000+0000'), Subject: 'ALARM: “shop-cpu”' }
  const subscription = (path: string, answer: () => Response | Promise<Response>) => ({
    Type: 'SubscriptionConfirmation',
    Message: 'Confirm it.',
    Token: 'abc',
    SubscribeURL: amazon.at(path, answer),
  })
  const visitsOf = async (action: () => Promise<unknown>) => {
    const before = amazon.visits.length
    await action()
    return amazon.visits.slice(before)
  }

  test.each(['1', '2'])(
    'what Amazon signed is taken (version %s); its certificate is fetched once',
    async (version) => {
      const { send } = await signing('aws_sns_cloudwatch')
      const visits = await visitsOf(async () => {
        const message = amazon.signed({ ...fired, SignatureVersion: version })
        expect((await send(message, text)).status).toBe(200)
        expect((await send(amazon.signed(fired), text)).status).toBe(200)
      })
      expect(visits.filter((address) => address !== amazon.certificateUrl)).toEqual([])
      expect(amazon.visits.filter((address) => address === amazon.certificateUrl)).toHaveLength(1)
    },
  )

  const host = SNS.slice('https://'.length)
  test.each<[string, Record<string, string>]>([
    ['a certificate over http', { SigningCertURL: `http://${host}/a.pem` }],
    ['a certificate of another host', { SigningCertURL: 'https://sns.evil.example/a.pem' }],
    ['a host that begins like Amazon’s', { SigningCertURL: `https://${host}.evil.example/a.pem` }],
    ['a host that ends like Amazon’s', { SigningCertURL: `https://evil-${host}/a.pem` }],
    ['another service of Amazon’s', { SigningCertURL: 'https://s3.eu-south-1.amazonaws.com/a.pem' }],
    ['Amazon’s host as a name', { SigningCertURL: `https://${host}@evil.example/a.pem` }],
    ['a port', { SigningCertURL: `https://${host}:8443/a.pem` }],
    ['an address inside', { SigningCertURL: 'https://127.0.0.1/a.pem' }],
    ['no certificate', { SigningCertURL: `https://${host}/a.txt` }],
    ['no address', { SigningCertURL: 'EXAMPLE' }],
    [
      'the certificate of another region than the topic’s',
      { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/a.pem' },
    ],
    ['the certificate of China for a topic elsewhere', { SigningCertURL: `https://${host}.cn/a.pem` }],
    ['a signature that is no base64', { Signature: 'EXAMPLE!' }],
    ['a signature of an impossible length', { Signature: Buffer.alloc(100).toString('base64') }],
    ['no signature', { Signature: '' }],
    ['an unknown version', { SignatureVersion: '3' }],
    ['no topic’s name', { TopicArn: 'ops' }],
    ['a confirmation elsewhere', { Type: 'SubscriptionConfirmation', SubscribeURL: 'https://evil.example/' }],
  ])('%s: 403, nothing fetched', async (_name, forged) => {
    const { id, send } = await signing('aws_sns_cloudwatch')
    const visits = await visitsOf(async () => {
      expect((await send({ ...amazon.signed(fired), ...forged }, text)).status).toBe(403)
    })
    expect(visits).toEqual([])
    expect(await lastReceipt(id)).toMatchObject({ outcome: 'rejected', answer_status: 403, event_count: 0 })
  })

  test('a signature of somebody else, and a message that was changed: 403, and no subscription is confirmed', async () => {
    const { send } = await signing('aws_sns_cloudwatch')
    const asked = subscription('/?Action=ConfirmSubscription&Token=1', () => new Response('ok'))
    const visits = await visitsOf(async () => {
      const other = Buffer.alloc(256, 7).toString('base64')
      for (const forged of [
        { ...amazon.signed(fired), Signature: other },
        { ...amazon.signed(fired), Message: alarm('OK', '2026-03-02T04:31:09.000+0000') },
        { ...amazon.signed(fired), Subject: 'another' },
        { ...amazon.signed(asked), Token: 'another' },
      ])
        expect((await send(forged, text)).status).toBe(403)
    })
    expect(visits).not.toContain(asked.SubscribeURL)
  })

  test('a certificate that Amazon does not have, and one that is none: 403', async () => {
    const { send } = await signing('aws_sns_cloudwatch')
    const none = amazon.at('/none.pem', () => new Response('hello'))
    for (const SigningCertURL of [`${SNS}/unknown.pem`, none])
      expect((await send(amazon.signed({ ...fired, SigningCertURL }), text)).status).toBe(403)
  })

  test('no certificate for now, or far too much of one: 503, so that SNS comes again', async () => {
    const { send } = await signing('aws_sns_cloudwatch')
    const busy = amazon.at('/busy.pem', () => new Response(null, { status: 500 }))
    const huge = amazon.at('/huge.pem', () => new Response('x'.repeat(100_000)))
    const gone = amazon.at('/gone.pem', () => Promise.reject(new TypeError('fetch failed')))
    for (const SigningCertURL of [busy, huge, gone])
      expect((await send(amazon.signed({ ...fired, SigningCertURL }), text)).status).toBe(503)
  })

  test('a subscription is confirmed once, before the answer, however often it comes', async () => {
    const { id, send } = await signing('aws_sns_cloudwatch')
    const message = amazon.signed(subscription('/?Token=once', () => new Response('<ok/>')))
    const visits = await visitsOf(async () => {
      expect((await send(message, text)).status).toBe(200)
      expect((await send(message, text)).status).toBe(200)
    })
    expect(visits.filter((address) => address === message.SubscribeURL)).toHaveLength(1)
    expect(await lastReceipt(id)).toMatchObject({ outcome: 'accepted', event_count: 1 })
  })

  test('one that cannot be confirmed is 503, and confirmed when SNS comes again', async () => {
    const { send } = await signing('aws_sns_cloudwatch')
    let status = 500
    const message = amazon.signed(subscription('/?Token=later', () => new Response(null, { status })))
    expect((await send(message, text)).status).toBe(503)
    status = 200
    expect((await send(message, text)).status).toBe(200)
  })

  test('an unsubscription is noted; its address, which would subscribe again, is never visited', async () => {
    const { send } = await signing('aws_sns_cloudwatch')
    const asked = subscription('/?Token=back', () => new Response('ok'))
    const message = amazon.signed({ ...asked, Type: 'UnsubscribeConfirmation' })
    const visits = await visitsOf(async () => {
      expect((await send(message, text)).status).toBe(200)
    })
    expect(visits).not.toContain(asked.SubscribeURL)
  })

  test('raw delivery has no signature: its key stands for it, and nothing is fetched', async () => {
    const { send } = await signing('aws_sns_cloudwatch')
    const visits = await visitsOf(async () => {
      const headers = { ...text, 'x-amz-sns-rawdelivery': 'true' }
      expect((await send(fired.Message, headers)).status).toBe(200)
    })
    expect(visits).toEqual([])
  })

  test('a message that comes again, also after its end, has one effect', async () => {
    const { id, send } = await signing('aws_sns_cloudwatch')
    const began = amazon.signed(fired)
    const ended = amazon.signed({ Message: alarm('OK', '2026-03-02T04:31:09.000+0000') })
    for (const message of [began, began, ended, began]) expect((await send(message, text)).status).toBe(200)
    await drain(base.db)
    const alerts = await base.db
      .selectFrom('alert')
      .select(['status', 'episode'])
      .where('integration_id', '=', id)
      .execute()
    expect(alerts).toEqual([{ status: 'resolved', episode: 1 }])
  })
})
