import { describe, expect, test } from 'vitest'
import { decodeBody } from './decode.ts'

const FORM = 'application/x-www-form-urlencoded'
const decode = (text: string, type?: string) => decodeBody(Buffer.from(text), type)

describe('a body, whatever its sender calls it', () => {
  test.each([
    ['JSON', '{"a":1}', 'application/json', { a: 1 }],
    ['JSON that calls itself text', ' {"a":1}', 'text/plain; charset=UTF-8', { a: 1 }],
    ['JSON that calls itself a form', '{"a":"b=c"}', FORM, { a: 'b=c' }],
    ['a form', 'a=1&b=two+words&c=%C3%A9', FORM, { a: '1', b: 'two words', c: 'é' }],
  ])('%s', async (_name, text, type, payload) => {
    expect((await decode(text, type)).payload).toEqual(payload)
  })

  const latin = Buffer.from('Caf\xe9 est froid', 'latin1')
  const json = Buffer.concat([Buffer.from('{"a":"'), latin, Buffer.from('"}')])
  test.each([
    ['JSON', json, 'application/json; charset=ISO-8859-1', 'Café est froid'],
    ['JSON in UTF-8 whose header lies', Buffer.from('{"a":"Café"}'), 'text/json; charset=latin1', 'Café'],
    ['UTF-16', Buffer.from('{"a":"Café"}', 'utf16le'), 'application/json;charset="utf-16le"', 'Café'],
    ['a form', Buffer.from('b=1&a=Caf%E9+est'), `${FORM}; charset=windows-1252`, 'Café est'],
    ['a form with bare bytes', Buffer.from('a=Caf\xe9', 'latin1'), `${FORM};charset=iso-8859-1`, 'Café'],
    ['a form in UTF-8 after all', Buffer.from('a=Caf%C3%A9'), `${FORM};charset=iso-8859-1`, 'Café'],
  ])('%s in the charset that its header names', async (_name, bytes, type, a) => {
    expect((await decodeBody(bytes, type)).payload).toMatchObject({ a })
  })

  test('a charset that nobody knows, and bytes that are none of it, are refused in words', async () => {
    await expect(decodeBody(json, 'text/plain; charset=klingon')).rejects.toThrow(/klingon/)
    await expect(decodeBody(json, 'text/plain')).rejects.toThrow(/UTF-8/)
    await expect(decodeBody(json, 'text/plain; charset=utf-8')).rejects.toThrow(/UTF-8/)
  })

  test('a multipart form gives its fields, and no file', async () => {
    const form = new FormData()
    form.set('data', '{"a":1}')
    form.set('file', new File(['x'], 'x.txt'))
    const asked = new Request('http://door', { method: 'POST', body: form })
    const bytes = Buffer.from(await asked.arrayBuffer())
    const { payload } = await decodeBody(bytes, asked.headers.get('content-type')!)
    expect(payload).toEqual({ data: '{"a":1}' })
  })

  test.each([
    ['multipart without its boundary', 'x', 'multipart/form-data'],
    [
      'half of a multipart form',
      '--b\r\ncontent-disposition: form-data; na',
      'multipart/form-data; boundary=b',
    ],
    ['nothing', '', undefined],
    ['text that is no JSON', 'hello', 'text/plain'],
  ])('%s is refused in words', async (_name, text, type) => {
    await expect(decode(text, type)).rejects.toThrow(/body/)
  })

  test('a form with NUL and a key that is no word of ours stays data', async () => {
    const { payload, flags } = await decode('a=%00&__proto__=x', FORM)
    expect(flags).toEqual(['text-replaced'])
    expect(Object.entries(payload as object)).toEqual([
      ['a', '\ufffd'],
      ['__proto__', 'x'],
    ])
  })
})
