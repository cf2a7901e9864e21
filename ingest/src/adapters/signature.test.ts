import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { circumstancesOf } from '../place.ts'
import { hmac, sharedToken } from './signature.ts'

const bytes = Buffer.from('{"a": 1}')
const sign = (secret: string, algorithm = 'sha256') => createHmac(algorithm, secret).update(bytes)
const sent = (headers: Record<string, string>) =>
  circumstancesOf({ path: '', query: {} }, { headers, receivedAt: new Date() })

describe('a signature over the bytes as they came', () => {
  const signature = hmac({ header: 'x-proof', prefix: 'v1=' })
  const good = `v1=${sign('one').digest('hex')}`

  test.each([
    ['its own secret', { 'x-proof': good }, ['one'], true],
    ['either of two secrets', { 'x-proof': good }, ['two', 'one'], true],
    ['one of several proofs', { 'x-proof': `v1=00ff, ${good}` }, ['one'], true],
    ['another secret', { 'x-proof': good }, ['two'], false],
    ['no proof', {}, ['one'], false],
    ['the proof without its prefix', { 'x-proof': good.slice(3) }, ['one'], false],
    ['half a proof', { 'x-proof': good.slice(0, 40) }, ['one'], false],
    ['something that is no hex', { 'x-proof': 'v1=hello' }, ['one'], false],
  ])('%s', (_name, headers, secrets, fits) => {
    expect(signature(bytes, sent(headers as Record<string, string>), secrets)).toBe(fits)
  })

  test('another byte needs another proof', () => {
    expect(signature(Buffer.from('{"a": 2}'), sent({ 'x-proof': good }), ['one'])).toBe(false)
  })

  test('base64 and SHA-1, as some senders have it', () => {
    const old = hmac({ header: 'x-proof', algorithm: 'sha1', encoding: 'base64' })
    const proof = sign('one', 'sha1').digest('base64')
    expect(old(bytes, sent({ 'x-proof': proof }), ['one'])).toBe(true)
  })

  test('what is signed may be more than the bytes', () => {
    const dated = hmac({
      header: 'x-proof',
      over: (body, { headers }) => [Buffer.concat([Buffer.from(`${headers['x-time']}:`), body])],
    })
    const proof = createHmac('sha256', 'one').update(`7:${bytes.toString()}`).digest('hex')
    expect(dated(bytes, sent({ 'x-proof': proof, 'x-time': '7' }), ['one'])).toBe(true)
    expect(dated(bytes, sent({ 'x-proof': proof, 'x-time': '8' }), ['one'])).toBe(false)
  })

  test('a word that both sides know', () => {
    const token = sharedToken('x-token')
    expect(token(bytes, sent({ 'x-token': 'hello there' }), ['hello there'])).toBe(true)
    expect(token(bytes, sent({ 'x-token': 'hello' }), ['hello there'])).toBe(false)
    expect(token(bytes, sent({}), ['hello there'])).toBe(false)
  })
})
