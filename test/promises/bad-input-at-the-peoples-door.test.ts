import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { type Listening, serveHttp } from '@tocsin/db/process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aTeam,
  database,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let door: Listening
let agent: Someone
let foreign: Someone
let boss: Someone
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  door = await serveHttp(api.app, '127.0.0.1', 0)
  const [own, other] = [await aTeam(base.db), await aTeam(base.db)]
  agent = await someone(base.db, [{ role: 'agent', teamId: own }])
  foreign = await someone(base.db, [{ role: 'agent', teamId: other }])
  boss = await someone(base.db, [{ role: 'administrator' }])
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

/** A body as it is, over a real connection. */
const send = (body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`${door.url}/api/v1/tickets`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${agent.key}`,
      'content-type': 'application/json',
      connection: 'close',
      ...headers,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
const ticket = (fields: Record<string, unknown> = {}) =>
  JSON.stringify({ kind: 'request', title: 'A new screen', ...fields })
const problemOf = async (answer: Response) =>
  (await answer.json()) as { detail: string; errors?: { path: string }[] }

describe('what cannot be understood is refused in words, and the door lives', () => {
  test.each<[string, number, string | Buffer]>([
    ['over 1 MB', 413, ticket({ description: 'x'.repeat(1_100_000) })],
    ['no JSON', 400, 'title=screen'],
    ['an empty body', 400, ''],
    ['a title of signs that nobody sees', 422, ticket({ title: '\u202e \u200b' })],
    [
      'invalid UTF-8',
      400,
      Buffer.concat([Buffer.from('{"kind":"request","title":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
    [
      'nesting of 200,000',
      400,
      `{"kind":"request","title":"x","description":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    ],
    ['a body that is compressed', 400, gzipSync(ticket())],
    ['a description of 200,000 characters', 422, ticket({ description: 'x'.repeat(200_000) })],
    ['a title of blanks', 422, ticket({ title: '   ' })],
    ['1e400 for a number', 422, '{"kind":"request","title":"x","impact":1e400}'],
    ['a list for text', 422, ticket({ title: ['x'] })],
    [
      'fields that are not theirs to set',
      400,
      ticket({ role: 'administrator', org_id: '1', sla_due: 'never' }),
    ],
    ['__proto__', 400, '{"kind":"request","title":"x","__proto__":{"confidential":true}}'],
    ['no id', 422, ticket({ service_id: "1' or '1'='1" })],
  ])('%s: %i', async (name, status, body) => {
    const answer = await send(body, name.includes('compressed') ? { 'content-encoding': 'gzip' } : {})
    expect(answer.status).toBe(status)
    expect((await problemOf(answer)).detail).toBeTruthy()
    expect((await send(ticket())).status).toBe(201)
  })

  test('unknown fields are named', async () => {
    const { errors } = await problemOf(await send(ticket({ role: 'administrator', sla_due: 'x' })))
    expect(errors!.map(({ path }) => path)).toEqual(['role', 'sla_due'])
  })

  test.each([
    [
      'over the limit in chunks',
      413,
      'Transfer-Encoding: chunked\r\n\r\n' + `10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(18),
    ],
    ['length and chunks at once', 400, 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a line break in a header', 400, 'X-A: b\rSet-Cookie: c=d\r\n\r\n'],
  ])('%s: %i', async (_name, status, rest) => {
    const { hostname, port } = new URL(door.url)
    const socket = connectSocket(Number(port), hostname)
    socket.on('error', () => undefined)
    socket.write(
      `POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${agent.key}\r\nContent-Type: application/json\r\n${rest}`,
    )
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    expect(chunk.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })
})

describe('what is odd and still taken', () => {
  const openWith = async (body: string | Buffer) => {
    const answer = await send(body)
    expect(answer.status).toBe(201)
    return (await answer.json()) as { number: string; title: string; description: string }
  }
  test('a byte order mark', async () => {
    expect((await openWith(`\ufeff${ticket()}`)).title).toBe('A new screen')
  })
  test('NUL and lone surrogates are replaced', async () => {
    const { title, description } = await openWith(
      '{"kind":"request","title":"a\\u0000b","description":"c\\ud800d \\\\u0000"}',
    )
    expect({ title, description }).toEqual({ title: 'a\ufffdb', description: 'c\ufffdd \\u0000' })
  })
  test('of two equal keys the last wins', async () => {
    expect((await openWith('{"kind":"request","title":"first","title":"last"}')).title).toBe('last')
  })
  test('100,000 characters, all of them words, are kept and found', async () => {
    const words = Array.from({ length: 14_000 }, (_, n) => `w${n}`).join(' ')
    const { number, description } = await openWith(
      ticket({ title: 'long', description: `${words} zebrafish` }),
    )
    expect(description).toHaveLength(words.length + 10)
    const found = await api.call(agent.key, 'GET', '/api/v1/tickets?q=zebrafish')
    expect(((await found.json()) as { items: { number: string }[] }).items[0]!.number).toBe(number)
  })
  test('HTML is text', async () => {
    const hostile = '<img src=x onerror=alert(1)>'
    expect((await openWith(ticket({ title: hostile }))).title).toBe(hostile)
  })
})

describe('what is asked of lists and links', () => {
  const get = (who: Someone, path: string) => api.call(who.key, 'GET', `/api/v1${path}`)
  test.each([
    '/tickets?sort=created_at;drop%20table%20ticket',
    '/tickets?sort=(select%201)',
    '/tickets?limit=100000',
    '/tickets?cursor=%27%20or%201=1',
    `/tickets?cursor=${Buffer.from('["x","y","z"]').toString('base64url')}`,
    '/tickets?state=%27',
    '/pages?cursor=eyJ4IjoxfQ',
  ])('%s: refused, never run', async (path) => {
    const { status } = await get(agent, path)
    expect([400, 422]).toContain(status)
  })
  test.each(["' or 1=1 --", '%', '\\', '"*:&|!', '\u0000', '😀'.repeat(60)])(
    'a search for %j is only a search',
    async (words) => {
      for (const list of ['tickets', 'alerts', 'people'])
        expect([200, 400, 422]).toContain((await get(boss, `/${list}?q=${encodeURIComponent(words)}`)).status)
    },
  )
  test('a foreign id answers as one that does not exist', async () => {
    const [mine] = await base.db.selectFrom('ticket').select('number').limit(1).execute()
    await base.db
      .updateTable('ticket')
      .set({ team_id: null, requester_id: agent.id, confidential: true })
      .where('number', '=', mine!.number)
      .execute()
    const [there, nowhere] = [
      await get(foreign, `/tickets/${mine!.number}`),
      await get(foreign, '/tickets/REQ-99999999'),
    ]
    expect([there.status, nowhere.status]).toEqual([404, 404])
    expect((await problemOf(there)).detail).toBe((await problemOf(nowhere)).detail)
  })
})

describe('addresses that lead mail libraries astray', () => {
  test.each([
    'a@b.test\r\nBcc: eve@evil.test',
    '"a b"@b.test',
    'a(comment)@b.test',
    'a@b.test, c@d.test',
    '<a@b.test>',
    'a@[127.0.0.1]',
  ])('%j: refused', async (address) => {
    for (const [who, path, body] of [
      [agent, '/contact-methods', { kind: 'email', address }],
      [boss, '/people', { name: 'X', email: address }],
    ] as const)
      expect([400, 422]).toContain((await api.call(who.key, 'POST', `/api/v1${path}`, body)).status)
  })
})
