import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

export const BODY_LIMIT = 1_048_576
/** A sender that has not finished by then holds a connection for nothing. */
export const BODY_DEADLINE_MS = 15_000

/** The body cannot be had. The connection is spent: what the sender still sends is not read. */
export class BodyRefused extends Error {
  readonly status: 400 | 408 | 413 | 415
  constructor(status: 400 | 408 | 413 | 415, message: string) {
    super(message)
    this.name = 'BodyRefused'
    this.status = status
  }
}

const inflaters = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) }
const tooLarge = (limit: number) => new BodyRefused(413, `The body is larger than ${limit} bytes.`)

/** The whole body, inflated, both within the limit and in time. Throws `BodyRefused`. */
export async function readBody(
  request: IncomingMessage,
  deadlineMs = BODY_DEADLINE_MS,
  limit = BODY_LIMIT,
): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && !Object.hasOwn(inflaters, encoding))
    throw new BodyRefused(
      415,
      `The content encoding “${encoding.slice(0, 40)}” is not known; gzip, deflate and br are.`,
    )
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  const raw = await collect(request, deadlineMs, limit)
  if (encoding === 'identity') return raw
  try {
    return await inflaters[encoding as keyof typeof inflaters](raw, { maxOutputLength: limit })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new BodyRefused(400, `The body is not ${encoding}, as its header says.`)
  }
}

function collect(request: IncomingMessage, deadlineMs: number, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let over = false
    // Every request closes in the end: an error made for nothing costs more than all else here.
    const finish = (settle: () => void) => {
      if (over) return
      over = true
      clearTimeout(late)
      request.off('data', onData)
      settle()
    }
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) {
        request.pause()
        return finish(() => reject(tooLarge(limit)))
      }
      chunks.push(chunk)
    }
    const late = setTimeout(() => {
      request.pause()
      finish(() => reject(new BodyRefused(408, 'The body did not arrive in time.')))
    }, deadlineMs)
    request.on('data', onData)
    request.once('end', () =>
      finish(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size))),
    )
    request.once('error', (error) => finish(() => reject(new BodyRefused(400, error.message))))
    request.once('close', () => finish(() => reject(new BodyRefused(400, 'The sender left before the end.'))))
  })
}
