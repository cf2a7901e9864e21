import { DeskError } from '@tocsin/desk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type IncomingFile, readMultipart } from './multipart.ts'

const BOUNDARY = 'edge'
const request = (body: Buffer, sizes: number[] = [1024]) => {
  let at = 0
  let turn = 0
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= body.length) return controller.close()
      const size = sizes[turn++ % sizes.length]!
      controller.enqueue(body.subarray(at, at + size))
      at += size
    },
  })
  return new Request('http://desk/', {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: stream,
    duplex: 'half',
  } as RequestInit)
}
const part = (disposition: string, bytes: Buffer) =>
  Buffer.concat([
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: text/plain\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n'),
  ])
const END = Buffer.from(`--${BOUNDARY}--\r\n`)

async function read(body: Buffer, sizes?: number[]) {
  const files: { name: string; bytes: Buffer }[] = []
  const keep = async ({ name, bytes }: IncomingFile) => {
    const pieces: Buffer[] = []
    for await (const piece of bytes) pieces.push(Buffer.from(piece))
    files.push({ name, bytes: Buffer.concat(pieces) })
  }
  const fields = await readMultipart(request(body, sizes), 3, keep)
  return { files, fields: [...fields] }
}
const refusal = (body: Buffer) =>
  read(body).then(
    () => 'accepted',
    (error: unknown) => (error instanceof DeskError ? error.code : 'broken'),
  )

describe('a multipart body', () => {
  it('is read the same however the network cuts it, also around what looks like a boundary', async () => {
    const pieces = fc.constantFrom('\r\n', '--', BOUNDARY, `\r\n--edg`, `--${BOUNDARY}`, 'x', '\u0000', 'é')
    const bytes = fc
      .array(pieces, { maxLength: 12 })
      .map((all) => Buffer.from(all.join('')))
      .filter((one) => !Buffer.concat([Buffer.from('\r\n'), one]).includes(`\r\n--${BOUNDARY}`))
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes, { maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        async (contents, sizes) => {
          const body = Buffer.concat([
            part('name="visibility"', Buffer.from('public')),
            ...contents.map((one, n) => part(`name="file"; filename="f${n} %22é%22.txt"`, one)),
            END,
          ])
          const { files, fields } = await read(body, sizes)
          expect(fields).toEqual([['visibility', 'public']])
          expect(files).toEqual(contents.map((one, n) => ({ name: `f${n} "é".txt`, bytes: one })))
        },
      ),
      { seed: 20261122, numRuns: 200 },
    )
  })

  it.each<[string, Buffer, string]>([
    ['that breaks off in a file', part('name="file"; filename="x"', Buffer.from('half')), 'invalid'],
    ['without a boundary', Buffer.from('hello'), 'invalid'],
    ['with endless headers', Buffer.from(`--${BOUNDARY}\r\n${'x'.repeat(20_000)}`), 'too_large'],
    ['with a field too long', Buffer.concat([part('name="a"', Buffer.alloc(20_000)), END]), 'too_large'],
    [
      'with a file too many',
      Buffer.concat([...Array.from({ length: 4 }, () => part('filename="x"', END)), END]),
      'too_large',
    ],
  ])('%s is refused', async (_, body, code) => {
    expect(await refusal(body)).toBe(code)
  })

  it('keeps a field named __proto__ as a field', async () => {
    const { fields } = await read(Buffer.concat([part('name="__proto__"', Buffer.from('x')), END]))
    expect(fields).toEqual([['__proto__', 'x']])
  })
})
