import { createGunzip } from 'node:zlib'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DeskError } from '../../activity/index.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

const GZIP = [0x1f, 0x8b]
/** What people rename to .csv, by its first bytes. */
const OTHERS: [number[], string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'is a ZIP archive or an Excel workbook: unpack it, or save its sheet as CSV'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'is an Excel workbook of the old form: save its sheet as CSV'],
  [[0x25, 0x50, 0x44, 0x46], 'is a PDF document: export the tickets as CSV'],
]
const HEAD = 256 * 1024
/** Of a text in two bytes a character, about every second one is zero; of a picture, few. */
const ZEROS = 0.3
const CONTROLS = 0.02

export const unusable = (message: string) =>
  new DeskError('invalid', 'The file cannot be used.', { errors: [{ path: 'file', message }] })

/**
 * The text of a file, plain or gzipped, a piece at a time: UTF-8 or UTF-16 with or without a mark, else Windows-1252.
 * NUL, which Postgres cannot keep, is replaced. Throws `invalid` for what is no text, `too_large` beyond `most` bytes.
 */
export async function decode(bytes: AsyncIterable<Buffer>, most: number): Promise<DecodedText> {
  const raw = await peek(bytes, GZIP.length)
  const plain = begins(raw.head, GZIP) ? await peek(inflate(raw.rest), HEAD) : await peek(raw.rest, HEAD)
  const other = OTHERS.find(([mark]) => begins(plain.head, mark))
  if (other) throw unusable(other[1])
  return new DecodedText(plain.rest, encodingOf(plain.head), most)
}

/** What of the head is decisive; undefined while all of it is ASCII, so that what follows decides. */
function encodingOf(head: Buffer): Encoding | undefined {
  if (begins(head, [0xef, 0xbb, 0xbf])) return 'utf-8'
  if (begins(head, [0xff, 0xfe])) return 'utf-16le'
  if (begins(head, [0xfe, 0xff])) return 'utf-16be'
  const zeros = [0, 0]
  let [controls, letters] = [0, 0]
  for (const [place, byte] of head.entries()) {
    if (byte === 0) zeros[place % 2]!++
    else if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d) controls++
    else if (byte >= 0x80) letters++
  }
  if (zeros[1]! > head.length * ZEROS && zeros[0]! < head.length * CONTROLS) return 'utf-16le'
  if (zeros[0]! > head.length * ZEROS && zeros[1]! < head.length * CONTROLS) return 'utf-16be'
  if (zeros[0]! + zeros[1]! + controls > Math.max(2, head.length * CONTROLS)) throw unusable('is not text')
  return letters === 0 ? undefined : eightBit(head)
}

/** Of several bytes a letter, or of one: a text in Windows-1252 is hardly ever valid UTF-8 by chance. */
function eightBit(piece: Buffer): Encoding {
  // A letter cut in two by the end of the piece is no error.
  const text = new TextDecoder('utf-8').decode(piece, { stream: true })
  const broken = text.split('\uFFFD').length - 1
  if (broken === 0) return 'utf-8'
  const whole = text.replace(/[\0-\u007F\uFFFD]/g, '').length
  return whole > broken ? 'utf-8' : 'windows-1252'
}

/** Text as it is decoded, and what it was decoded from as soon as that is known. */
export class DecodedText {
  encoding: Encoding | undefined
  readonly #bytes: AsyncIterable<Buffer>
  readonly #most: number

  constructor(bytes: AsyncIterable<Buffer>, encoding: Encoding | undefined, most: number) {
    this.#bytes = bytes
    this.encoding = encoding
    this.#most = most
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    let decoder = new TextDecoder(this.encoding)
    let length = 0
    for await (const piece of this.#bytes) {
      length += piece.length
      if (length > this.#most)
        throw new DeskError('too_large', `A file may have ${this.#most / 1024 / 1024} MB at most.`)
      if (!this.encoding && piece.some((byte) => byte >= 0x80)) {
        this.encoding = eightBit(piece)
        decoder = new TextDecoder(this.encoding)
      }
      yield decoder.decode(piece, { stream: true }).replaceAll('\0', '\uFFFD')
    }
    yield decoder.decode().replaceAll('\0', '\uFFFD')
  }
}

async function* inflate(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  const feeding = pipeline(Readable.from(bytes), gunzip).catch((error: unknown) =>
    gunzip.destroy(error as Error),
  )
  try {
    for await (const piece of gunzip) yield piece as Buffer
    await feeding
  } catch (error) {
    if (error instanceof DeskError) throw error
    throw unusable('is not whole: it cannot be unzipped')
  }
}

/** The first bytes, at least `least` where there are so many, and all of them. */
async function peek(bytes: AsyncIterable<Buffer>, least: number) {
  const source = bytes[Symbol.asyncIterator]()
  const held: Buffer[] = []
  for (let length = 0; length < least;) {
    const next = await source.next()
    if (next.done) break
    held.push(next.value)
    length += next.value.length
  }
  const head = Buffer.concat(held)
  async function* rest(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
  }
  return { head, rest: rest() }
}

const begins = (head: Buffer, mark: readonly number[]) =>
  head.length >= mark.length && mark.every((byte, place) => head[place] === byte)
