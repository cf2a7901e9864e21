import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { callWebhook, postBytes, signature } from './call-webhook.ts'
import { mayCall } from './public-address.ts'

const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close().closeAllConnections()))

async function receiver(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}
const at = new Date('2026-11-22T03:00:00.900Z')
const call = (url: string, allowed: string[] = ['127.0.0.0/8']) =>
  callWebhook({ url, secret: 'whsec_test', key: 'key-1', body: Buffer.from('{"a":1}'), at }, mayCall(allowed))

describe('a webhook call', () => {
  it('is signed over its bytes, with the key that stays the same', async () => {
    let seen: { headers: Record<string, unknown>; body: string } | undefined
    const url = await receiver((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        seen = { headers: request.headers, body }
        response.writeHead(204).end()
      })
    })
    expect(await call(url)).toEqual({ ok: true, detail: '204' })
    expect(seen?.body).toBe('{"a":1}')
    expect(seen?.headers).toMatchObject({
      'idempotency-key': 'key-1',
      'x-tocsin-signature': signature('whsec_test', at, Buffer.from('{"a":1}')),
    })
    // openssl dgst -sha256 -hmac whsec_test over `1795316400.{"a":1}`
    expect(seen?.headers['x-tocsin-signature']).toMatch(/^t=1795316400,v1=[0-9a-f]{64}$/)
  })

  it.each([
    [500, true, 'deferred'],
    [429, true, 'deferred'],
    [410, false, 'refused'],
    [400, false, 'refused'],
  ])('that is answered %i is a failure', async (status, retry, reason) => {
    const url = await receiver((_, response) => response.writeHead(status).end('because'))
    expect(await call(url)).toEqual({ ok: false, retry, reason, detail: `${status} because` })
  })

  it('does not follow a redirect', async () => {
    let visits = 0
    const url = await receiver((_, response) => {
      visits++
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await call(url)).toMatchObject({ ok: false, retry: false, reason: 'refused' })
    expect(visits).toBe(1)
  })

  it('reads 64 KB of an endless answer and no more', async () => {
    let written = 0
    const url = await receiver((_, response) => {
      response.writeHead(200)
      const more = () => {
        if (response.destroyed) return
        written += 65_536
        response.write(Buffer.alloc(65_536), () => setImmediate(more))
      }
      more()
    })
    expect(await call(url)).toMatchObject({ ok: true })
    expect(written).toBeLessThan(16 * 1024 * 1024)
  })

  it('has its answer from the head, though the body drips on for ever', async () => {
    const url = await receiver((_, response) => {
      response.writeHead(200).write('a')
      const drip = setInterval(() => response.write('x'), 50)
      response.on('close', () => clearInterval(drip))
    })
    const posted = { url, headers: {}, body: Buffer.from(''), timeoutMs: 300 }
    expect(await postBytes(posted, () => true)).toMatchObject({ status: 200 })
  })

  it.each([
    [
      'speaks another protocol from here on',
      'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      101,
    ],
    ['says something else', 'SSH-2.0-OpenSSH\r\n', null],
    ['has a head without end', `HTTP/1.1 200 OK\r\nX-A: ${'b'.repeat(100_000)}`, null],
    ['hangs up', '', null],
  ])('comes to an end where the receiver %s', async (_, says, status) => {
    const url = await receiver((request) => request.socket.end(says))
    expect(await postBytes({ url, headers: {}, body: Buffer.from('') }, () => true)).toMatchObject({ status })
  })

  it('gives up on a receiver that never answers, after 5 s', async () => {
    const url = await receiver(() => undefined)
    const begun = performance.now()
    expect(await call(url)).toMatchObject({ ok: false, retry: true, reason: 'timeout' })
    expect(performance.now() - begun).toBeLessThan(6_000)
  }, 8_000)

  it('never reaches an address that is not public, whatever its clothes', async () => {
    let visits = 0
    const url = await receiver(() => visits++)
    const { port } = new URL(url)
    for (const host of [
      '127.0.0.1',
      '[::ffff:127.0.0.1]',
      'localhost',
      'localhost.',
      '2130706433',
      '0.0.0.0',
      '[::1]',
    ])
      expect(await call(`http://${host}:${port}/`, [])).toMatchObject({
        ok: false,
        retry: false,
        reason: 'blocked',
      })
    expect(visits).toBe(0)
  })

  const date = 'Sun, 29 Nov 2026 01:00:00 GMT'
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sun, 29 Nov 2026 01:05:00 GMT', 300_000],
    ['Sun, 29 Nov 2026 00:05:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['9'.repeat(40), undefined],
    [undefined, undefined],
  ])('Retry-After %s is %s ms by the clock of the answer', async (asked, againInMs) => {
    const url = await receiver((_, response) =>
      response.writeHead(503, { date, ...(asked !== undefined && { 'retry-after': asked }) }).end(),
    )
    expect(await postBytes({ url, headers: {}, body: Buffer.from('') }, () => true)).toEqual({
      status: 503,
      answer: '',
      againInMs,
    })
  })

  it('goes by http or https only', async () => {
    expect(await call('file:///etc/passwd')).toEqual({ ok: false, retry: false, reason: 'address' })
  })
})

it.each([
  ['93.184.215.14', true],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['192.168.0.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::ffff:169.254.169.254', false],
  ['::ffff:a9fe:a9fe', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['64:ff9b::7f00:1', false],
  ['2002:7f00:1::', false],
  ['not an address', false],
])('%s is public: %s', (address, expected) => {
  expect(mayCall([])(address)).toBe(expected)
})
