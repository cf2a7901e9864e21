import { describe, expect, it } from 'vitest'
import { contentTypeOf, safeFileName } from './name.ts'

describe('a file’s name', () => {
  it.each([
    ['photo.png', 'photo.png'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system.ini', 'system.ini'],
    ['\u200B.htaccess', 'htaccess'],
    ['..', 'file'],
    ['', 'file'],
    ['a/', 'file'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['line\r\nSet-Cookie: x', 'lineSet-Cookie_ x'],
    ['nul\u0000l.txt', 'null.txt'],
    ['cafe\u0301.txt', 'café.txt'],
    ['\ud800.txt', '\ufffd.txt'],
    ['<script>"x".png', '_script__x_.png'],
    ['日本語のファイル.pdf', '日本語のファイル.pdf'],
    [`${'x'.repeat(400)}.jpeg`, `${'x'.repeat(195)}.jpeg`],
    ['😀'.repeat(400), '😀'.repeat(200)],
  ])('%j becomes %j', (given, kept) => {
    expect(safeFileName(given)).toBe(kept)
  })
})

describe('a file’s type', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex')
  it.each([
    ['an image is known by its bytes, whatever is claimed', png, 'text/html', 'image/png'],
    [
      'nothing may claim to be an image',
      Buffer.from('<svg onload=alert(1)>'),
      'image/png',
      'application/octet-stream',
    ],
    [
      'another type is kept as said',
      Buffer.from('%PDF-1.7'),
      'application/pdf; charset=x',
      'application/pdf',
    ],
    ['what is no type is none', Buffer.from('x'), 'text/html\r\nx: y', 'application/octet-stream'],
    ['an empty file is fine', Buffer.alloc(0), 'text/plain', 'text/plain'],
  ])('%s', (_, head, claimed, type) => {
    expect(contentTypeOf(head, claimed)).toBe(type)
  })
})
