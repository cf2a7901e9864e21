import { describe, expect, test } from 'vitest'
import { tryBody } from '../try.ts'

const attributes = {
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-type': 'com.example.disk.firing',
  'ce-source': '/monitors/eu-1',
  'ce-subject': 'caf%C3%A9 100%',
}
const read = (body: string | Buffer, headers: Record<string, string> = attributes) =>
  tryBody('cloudevents', Buffer.from(body), { headers, receivedAt: new Date('2026-03-02T05:00:00Z') })

describe('binary mode: the body is the data, of any form', () => {
  test.each([
    ['JSON', '{"summary":"The disk is full"}', 'application/json', 'The disk is full'],
    ['a text', 'The disk is full', 'text/plain', 'The disk is full'],
    ['a list', '[{"a":1}]', 'application/json', 'caf%C3%A9 100%'],
    ['what is no text', Buffer.from([0xff, 0x00]), 'application/octet-stream', 'caf%C3%A9 100%'],
    ['nothing', '', undefined, 'caf%C3%A9 100%'],
  ])('%s', async (_name, body, type, title) => {
    const headers = { ...attributes, ...(type && { 'Content-Type': type }) }
    expect(await read(body, headers)).toMatchObject({
      answer: { status: 200 },
      events: [{ status: 'firing', title }],
    })
  })

  test('attributes are unescaped, unless that is what they are', async () => {
    const { events } = await read('', { ...attributes, 'ce-subject': 'caf%C3%A9' })
    expect(events).toMatchObject([{ title: 'café' }])
  })
})

describe('what is not binary', () => {
  test('a batch, though a gateway adds attributes', async () => {
    const event = { specversion: '1.0', type: 'a.resolved', source: 's', id: '1', subject: 'disk' }
    const { events } = await read(JSON.stringify([event, { ...event, id: '2', subject: 'cpu' }]), {
      ...attributes,
      'content-type': 'application/cloudevents-batch+json',
    })
    expect(events).toMatchObject([
      { status: 'resolved', title: 'disk' },
      { status: 'resolved', title: 'cpu' },
    ])
  })

  test('text without attributes is no CloudEvent', async () => {
    expect((await read('hello', { 'content-type': 'text/plain' })).answer.status).toBe(400)
  })
})
