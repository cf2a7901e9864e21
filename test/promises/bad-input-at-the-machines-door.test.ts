import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { revokeIntegrationKey, SYSTEM, transact } from '@tocsin/desk'
import { workIntegration } from '@tocsin/ingest/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anIntegration, database, type TestDatabase, type TestDoor, testDoor } from '../harness/index.ts'

let base: TestDatabase
let door: TestDoor
let events: Awaited<ReturnType<typeof anIntegration>>
let alertmanager: typeof events
beforeAll(async () => {
  base = await database()
  door = await testDoor(base.url, { bodyDeadlineMs: 400 })
  events = await anIntegration(base.db)
  alertmanager = await anIntegration(base.db, { system: 'alertmanager' })
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

const send = (body: unknown, headers?: Record<string, string>) =>
  door.send(`/v1/events/${events.key}`, body, headers)
const event = { title: 'A disk is full', dedup_key: 'disk-1' }

const lastReceipt = (integrationId = events.id) =>
  base.db
    .selectFrom('receipt as r')
    .leftJoin('receipt_waiting as w', 'w.receipt_id', 'r.id')
    .select([
      'r.id',
      'r.outcome',
      'r.answer_status',
      'r.reason',
      'r.headers',
      'r.body',
      'r.event_count',
      'w.events',
    ])
    .where('r.integration_id', '=', integrationId)
    .orderBy('r.id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
const waitingEvent = async () => (await lastReceipt()).events as { [field: string]: unknown }[]

describe('what is refused, and kept for inspection', () => {
  test.each<[string, number, unknown, RegExp]>([
    ['nesting of 500,000', 400, '['.repeat(500_000), /deeper/],
    ['invalid UTF-8', 400, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /UTF-8/],
    ['1e400', 400, '{"title":"x","value":1e400}', /too large/],
    ['what is not JSON', 400, 'title=full', /not JSON/],
    ['an empty body', 400, '', /not JSON/],
    ['a dedup key over 255', 400, { title: 'x', dedup_key: 'k'.repeat(256) }, /255/],
    ['a body of another system', 422, { hello: 'world' }, /Expected an event/],
    ['a body with nothing readable', 422, { events: [{ kind: 'shout' }, 7] }, /Expected an event/],
  ])('%s: %i', async (_name, status, body, words) => {
    const response = await send(body)
    expect(response.status).toBe(status)
    const problem = (await response.json()) as { detail: string }
    expect(problem.detail).toMatch(words)
    expect(await lastReceipt()).toMatchObject({
      outcome: 'rejected',
      answer_status: status,
      events: null,
      event_count: 0,
    })
  })

  test('each is counted once, apart from what was received', async () => {
    const count = async (bucket: string) =>
      Number(
        (
          await base.db
            .selectFrom('tally')
            .select((eb) => eb.fn.sum<number>('count').as('count'))
            .where('integration_id', '=', events.id)
            .where('bucket', '=', bucket)
            .executeTakeFirstOrThrow()
        ).count,
      )
    const before = [await count('rejected'), await count('received')]
    await send('nonsense')
    expect([await count('rejected'), await count('received')]).toEqual([before[0]! + 1, before[1]])
  })
})

describe('a body that is too much', () => {
  const large = JSON.stringify({ title: 'x'.repeat(1_100_000) })

  test('over the limit: 413', async () => {
    expect((await send(large)).status).toBe(413)
    expect(await lastReceipt()).toMatchObject({ outcome: 'rejected', answer_status: 413 })
  })

  test('the same in chunks, without a length: 413', async () => {
    const piece = 'x'.repeat(65_536)
    const answer = await raw(
      `POST /v1/events/${events.key} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n` +
        `10000\r\n${piece}\r\n`.repeat(18),
    )
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
  })

  test('length and chunks at once: 400', async () => {
    const answer = await raw(
      `POST /v1/events/${events.key} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('%s is understood, and its bomb is 413', async (encoding, compress) => {
    const headers = { 'content-encoding': encoding }
    expect((await send(compress(JSON.stringify(event)), headers)).status).toBe(202)
    expect((await send(compress(Buffer.alloc(50_000_000, 32)), headers)).status).toBe(413)
    expect((await send(Buffer.from('not compressed'), headers)).status).toBe(400)
  })

  test('an unknown encoding: 415', async () => {
    expect((await send('{}', { 'content-encoding': 'zstd' })).status).toBe(415)
  })

  test('a body that never ends: 408', async () => {
    const answer = await raw(
      `POST /v1/events/${events.key} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
  })
})

describe('what is odd and still taken', () => {
  test('NUL and lone surrogates are replaced and flagged', async () => {
    expect((await send('{"title":"a\\u0000b\\ud800","dedup_key":"odd-text"}')).status).toBe(202)
    expect(await waitingEvent()).toMatchObject([{ title: 'a\ufffdb\ufffd', flags: ['text-replaced'] }])
  })

  test('a byte order mark', async () => {
    expect((await send(`\ufeff${JSON.stringify(event)}`)).status).toBe(202)
  })

  test('of two equal keys the last wins, and the raw body is kept', async () => {
    const body = '{"title":"first","title":"last","dedup_key":"twice"}'
    expect((await send(body)).status).toBe(202)
    expect(await waitingEvent()).toMatchObject([{ title: 'last' }])
    expect((await lastReceipt()).body.toString()).toBe(body)
  })

  test('__proto__ is a label like any other', async () => {
    expect((await send('{"title":"x","labels":{"__proto__":"admin","a":"b"}}')).status).toBe(202)
    const [kept] = await waitingEvent()
    expect(Object.entries(kept!.labels as object)).toEqual([
      ['__proto__', 'admin'],
      ['a', 'b'],
    ])
  })

  test('ids above 2^53 keep two alerts apart', async () => {
    expect(
      (
        await send(
          '[{"title":"x","dedup_key":1234567890123456789},{"title":"x","dedup_key":1234567890123456788}]',
        )
      ).status,
    ).toBe(202)
    expect(await waitingEvent()).toMatchObject([
      { dedup_key: '1234567890123456789' },
      { dedup_key: '1234567890123456788' },
    ])
  })

  test('a key of any length from a system that cannot be told: a digest, flagged', async () => {
    const body = { alerts: [{ status: 'firing', labels: { alertname: 'x' }, fingerprint: 'f'.repeat(400) }] }
    expect((await door.send(`/v1/alertmanager/${alertmanager.key}`, body)).status).toBe(200)
    await workIntegration(base.db, alertmanager.id)
    const { id } = await lastReceipt(alertmanager.id)
    const kept = await base.db
      .selectFrom('event')
      .select(['dedup_key', 'reason'])
      .where('receipt_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(kept.dedup_key!.length).toBeLessThanOrEqual(255)
    expect(kept.reason).toMatchObject({ flags: ['dedup_key-hashed'] })
  })

  test.each(['+294277-01-01T00:00:00Z', 'infinity', '9999-12-31T00:00:00Z', '2026-02-30T00:00:00Z'])(
    'the instant %s is dropped and flagged',
    async (instant) => {
      expect((await send({ ...event, starts_at: instant })).status).toBe(202)
      expect(await waitingEvent()).toMatchObject([{ starts_at: null, flags: ['starts_at-unusable'] }])
    },
  )

  test('of 10,000 labels the first 64 are kept, and it is marked', async () => {
    const labels = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`label_${n}`, 'x']))
    expect((await send({ ...event, labels })).status).toBe(202)
    const [kept] = await waitingEvent()
    expect(Object.keys(kept!.labels as object)).toHaveLength(64)
    expect(kept!.flags).toContain('labels-truncated')
  })

  test('a javascript: link is dropped and flagged, HTML stays text', async () => {
    expect(
      (await send({ ...event, title: '<img src=x onerror=alert(1)>', link: 'javascript:alert(1)' })).status,
    ).toBe(202)
    expect(await waitingEvent()).toMatchObject([
      { link: null, title: '<img src=x onerror=alert(1)>', flags: ['link-refused'] },
    ])
  })

  test('one unreadable element is set apart, and the rest goes on', async () => {
    const response = await send({ events: [event, { kind: 'shout' }, { ...event, dedup_key: 'disk-2' }] })
    expect(response.status).toBe(202)
    expect(await waitingEvent()).toMatchObject([
      { kind: 'trigger', dedup_key: 'disk-1' },
      { kind: 'unreadable', element: '{"kind":"shout"}' },
      { kind: 'trigger', dedup_key: 'disk-2' },
    ])
  })
})

describe('who may send', () => {
  test.each([
    ['no key', '/v1/events'],
    ['an unknown key', '/v1/events/toc_unknown'],
  ])('%s: 401', async (_name, path) => {
    expect((await door.send(path, event)).status).toBe(401)
  })

  test('the key of another system, and a revoked one, get the very same answer', async () => {
    const other = await anIntegration(base.db)
    expect((await door.send(`/v1/events/${other.key}`, event)).status).toBe(202)
    await transact(base.db, SYSTEM, (tx) => revokeIntegrationKey(tx, other.id, other.keyId))
    // Still remembered by the door: the commit itself refuses it.
    const answers = await Promise.all(
      [other.key, alertmanager.key, 'toc_unknown'].map((key) => door.send(`/v1/events/${key}`, event)),
    )
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401])
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1)
    const { count } = await base.db
      .selectFrom('receipt')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('integration_id', '=', other.id)
      .executeTakeFirstOrThrow()
    expect(count).toBe(1)
  })

  test('the key as a bearer token, which is not kept', async () => {
    const authorization = `Bearer ${events.key}`
    expect((await door.send('/v1/events', event, { authorization, 'x-api-token': 'abc' })).status).toBe(202)
    expect((await lastReceipt()).headers).toMatchObject({
      authorization: '[redacted]',
      'x-api-token': '[redacted]',
    })
  })

  test('another method: 405; another address: 404', async () => {
    expect((await fetch(`${door.url}/v1/events/${events.key}`)).status).toBe(405)
    expect((await door.send('/v1/nobody/x', event)).status).toBe(404)
    expect((await door.send(`/v1/events/${events.key}/more`, event)).status).toBe(404)
    expect((await door.send('/internal/try', {})).status).toBe(404)
  })

  test('an address of another service says no in the same way', async () => {
    const wrong = await fetch(`${door.url}/v2/enqueue`)
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(`${door.url}/nowhere`)).status).toBe(404)
  })

  test('a sender of CloudEvents asks before it delivers, and who has the key may', async () => {
    const { key } = await anIntegration(base.db, { system: 'cloudevents' })
    const ask = (path: string, headers: Record<string, string>) =>
      fetch(`${door.url}${path}`, { method: 'OPTIONS', headers })
    const origin = { 'WebHook-Request-Origin': 'eventgrid.azure.net', 'WebHook-Request-Rate': '120' }
    const allowed = await ask(`/v1/cloudevents/${key}`, origin)
    expect(allowed.status).toBe(200)
    expect(allowed.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net')
    expect(Number(allowed.headers.get('webhook-allowed-rate'))).toBeGreaterThan(0)
    const byHeader = await ask('/v1/cloudevents', { ...origin, authorization: `Bearer ${key}` })
    expect(byHeader.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net')
    for (const wrong of ['toc_unknown', events.key]) {
      const refused = await ask(`/v1/cloudevents/${wrong}`, origin)
      expect([refused.status, refused.headers.get('webhook-allowed-origin')]).toEqual([401, null])
    }
    expect((await ask(`/v1/events/${events.key}`, origin)).status).toBe(405)
  })

  test('one over its rate hears the code its sender understands, and others are unaffected', async () => {
    const flooding = await anIntegration(base.db, { system: 'alertmanager' })
    await base.db
      .updateTable('integration')
      .set({ settings: JSON.stringify({ requests_per_second: 1 }) })
      .where('id', '=', flooding.id)
      .execute()
    const body = { alerts: [] }
    const statuses = []
    for (let n = 0; n < 5; n++) statuses.push(await door.send(`/v1/alertmanager/${flooding.key}`, body))
    expect(statuses.map((answer) => answer.status)).toEqual([200, 200, 503, 503, 503])
    expect(statuses[4]!.headers.get('retry-after')).toBe('1')
    expect((await send(event)).status).toBe(202)
  })
})

/** Writes bytes as they are and answers the first line of what comes back. */
async function raw(request: string): Promise<string> {
  const { hostname, port } = new URL(door.url)
  const socket = connectSocket(Number(port), hostname)
  socket.on('error', () => undefined)
  socket.write(request)
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return chunk.toString().split('\r\n', 1)[0]!
}
