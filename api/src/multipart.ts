import { DeskError } from '@tocsin/desk'
import { drain } from './drain.ts'

export interface IncomingFile {
  name: string
  contentType: string
  bytes: AsyncIterable<Buffer>
}

const MOST_HEADERS = 8 * 1024
const MOST_FIELDS = 20
const MOST_FIELD = 10_000

/**
 * Reads a multipart/form-data body part by part as it arrives, handing each file to `keep`, which takes its
 * bytes to the end or throws. Nothing is held but the piece at hand. Answers the fields that are no files; what is refused
 * is read to its end before.
 */
export async function readMultipart(
  request: Request,
  mostFiles: number,
  keep: (file: IncomingFile) => Promise<void>,
): Promise<Map<string, string>> {
  const boundary = /^multipart\/form-data;(?:.*;)?\s*boundary="?([^\s";]{1,70})"?/i.exec(
    request.headers.get('content-type') ?? '',
  )?.[1]
  if (!request.body || !boundary) throw new DeskError('invalid', 'Send files as multipart/form-data.')
  const input = new Input(request.body)
  try {
    return await readParts(input, boundary, mostFiles, keep)
  } catch (error) {
    await input.drain()
    throw error
  }
}

async function readParts(
  input: Input,
  boundary: string,
  mostFiles: number,
  keep: (file: IncomingFile) => Promise<void>,
): Promise<Map<string, string>> {
  const fields = new Map<string, string>()
  let files = 0
  for await (const { head, bytes } of partsOf(input, boundary)) {
    const name = parameter(head, 'name') ?? ''
    const fileName = parameter(head, 'filename')
    if (fileName === undefined) {
      if (fields.size === MOST_FIELDS) throw new DeskError('too_large', 'Too many fields.')
      fields.set(name, (await collect(bytes, MOST_FIELD)).toString('utf8'))
      continue
    }
    if (++files > mostFiles)
      throw new DeskError('too_large', `A request may bring ${mostFiles} files at most.`)
    const contentType = /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim() ?? ''
    await keep({ name: fileName, contentType, bytes })
  }
  return fields
}

interface Part {
  head: string
  bytes: AsyncIterable<Buffer>
}

async function* partsOf(input: Input, boundary: string): AsyncGenerator<Part> {
  const mark = Buffer.from(`\r\n--${boundary}`)
  await collect(input.until(mark), MOST_HEADERS)
  for (;;) {
    // After the mark: two dashes end the body, a line break begins a part.
    if ((await input.peek(2)) === '--') return
    const head = await collect(input.until(Buffer.from('\r\n\r\n')), MOST_HEADERS)
    yield { head: head.toString('utf8'), bytes: input.until(mark) }
  }
}

/** Bytes as they come, taken up to a mark. */
class Input {
  readonly #source: AsyncIterator<Uint8Array>
  // So that a body which begins with its first boundary begins with the mark, too.
  #held: Buffer = Buffer.from('\r\n')

  constructor(body: ReadableStream<Uint8Array>) {
    this.#source = body[Symbol.asyncIterator]()
  }

  async *until(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(mark)
      const ready = at === -1 ? Math.max(0, this.#held.length - mark.length + 1) : at
      const piece = this.#held.subarray(0, ready)
      this.#held = this.#held.subarray(at === -1 ? ready : at + mark.length)
      if (piece.length > 0) yield piece
      if (at !== -1) return
      await this.#more()
    }
  }

  async peek(length: number): Promise<string> {
    while (this.#held.length < length) await this.#more()
    return this.#held.toString('latin1', 0, length)
  }

  drain(): Promise<void> {
    return drain(this.#source)
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#source.next()
    if (done) throw new DeskError('invalid', 'The upload broke off before its end.')
    this.#held = Buffer.concat([this.#held, value])
  }
}

async function collect(bytes: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of bytes) {
    length += piece.length
    if (length > most) throw new DeskError('too_large', 'A part of the upload is too long.')
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** A parameter of Content-Disposition. Browsers write a quote in it as %22. */
function parameter(head: string, name: string): string | undefined {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? ''
  const match = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(disposition)
  return (match?.[1] ?? match?.[2])?.replaceAll('%22', '"')
}
