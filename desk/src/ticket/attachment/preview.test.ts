import { describe, expect, it } from 'vitest'
import { previewOf, showsAs } from './preview.ts'

const MB = 1024 * 1024
const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex')

describe('a file', () => {
  it.each([
    ['a.png', 'image/png', 100, 'image'],
    ['a.png', 'image/png', 16 * MB, null],
    ['a.svg', 'image/svg+xml', 100, null],
    ['a.html', 'text/html', 100, null],
    ['a.txt', 'text/html', 100, null],
    ['a.pdf', 'application/pdf', 100, null],
    ['a.js', 'text/javascript', 100, null],
    ['a.txt', 'text/plain', 100, 'text'],
    ['a.txt', 'text/plain', 0, null],
    ['a.txt', 'text/plain', MB, null],
    ['server.log', 'application/octet-stream', 100, 'text'],
    ['server.exe', 'application/octet-stream', 100, null],
    ['a.json', 'application/json', 100, 'text'],
  ])('%s of %s and %i bytes is looked at as %s', (name, content_type, size, preview) =>
    expect(previewOf({ name, content_type, size })).toBe(preview),
  )

  it.each([
    ['image', 'image/png', png, true],
    ['image', 'image/jpeg', png, false],
    ['image', 'image/png', Buffer.from('<svg onload=alert(1)>'), false],
    ['text', 'text/plain', Buffer.from('plain words, é'), true],
    ['text', 'text/plain', Buffer.from('cut é').subarray(0, -1), true],
    ['text', 'text/plain', Buffer.from([0x41, 0, 0x42]), false],
    ['text', 'text/plain', Buffer.from([0xff, 0xfe, 0x41]), false],
  ] as const)('that should be %s (%s) is held to its bytes: %#', (preview, content_type, head, shows) =>
    expect(showsAs(preview, { content_type }, head)).toBe(shows),
  )
})
