import { createHmac } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import { cut, type Sent } from './send.ts'

export interface WebhookCall {
  url: string
  secret: string
  /** The same for every sending of the same thing; receivers drop what they have seen. */
  key: string
  /** Exactly these bytes are signed. */
  body: Buffer
  /** The instant of the signature. */
  at: Date
}

const TIMEOUT_MS = 5_000
const MOST_ANSWER = 64 * 1024

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<raw body>`. */
export function signature(secret: string, at: Date, body: Buffer): string {
  const seconds = Math.floor(at.getTime() / 1000)
  const v1 = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex')
  return `t=${seconds},v1=${v1}`
}

export interface Posted {
  url: string
  headers: Record<string, string>
  body: Buffer
  timeoutMs?: number
}

/** The answer, whatever it says; or why there was none. */
export type Reached =
  /** `againInMs`: how long the receiver asks us to stay away (Retry-After); absent: it does not say. */
  | { status: number; answer: string; againInMs?: number }
  | { status: null; reason: 'address' | 'blocked' | 'timeout' | 'unreachable'; detail?: string }

/**
 * Posts bytes. The target is resolved once, judged by `may`, and those very addresses are called, so a name cannot
 * flip in between; redirects are not followed; 5 s unless said otherwise and 64 KB of answer are the most it gets.
 */
export async function postBytes(call: Posted, may: (address: string) => boolean): Promise<Reached> {
  const url = URL.parse(call.url)
  if (!url || !['http:', 'https:'].includes(url.protocol)) return { status: null, reason: 'address' }
  const signal = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS)
  try {
    const target = await resolve(url, signal)
    if (!target.every(({ address }) => may(address)))
      return { status: null, reason: 'blocked', detail: 'the target is not a public address' }
    return await post(url, call, target, signal)
  } catch (error) {
    const detail = error instanceof Error ? cut(error.message) : 'failed'
    return { status: null, reason: signal.aborted ? 'timeout' : 'unreachable', detail }
  }
}

const LOOKED_UP_MS = 2_000

/**
 * Whether an address leads to where `may` forbids, as its name resolves now. A name that resolves to nothing, or not in
 * time, may do so later: what is sent there is judged anew each time.
 */
export async function leadsInside(address: string, may: (address: string) => boolean): Promise<boolean> {
  const url = URL.parse(address)
  if (!url) return false
  const target = await resolve(url, AbortSignal.timeout(LOOKED_UP_MS)).catch(() => [])
  return !target.every((one) => may(one.address))
}

/** Whether a status asks us to come again. */
export const asksAgain = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status)

/** Posts a signed message. */
export async function callWebhook(
  { url, secret, key, body, at }: WebhookCall,
  may: (address: string) => boolean,
): Promise<Sent> {
  const headers = {
    'idempotency-key': key,
    'x-tocsin-delivery': key,
    'x-tocsin-signature': signature(secret, at, body),
  }
  const reached = await postBytes({ url, headers, body }, may)
  if (reached.status === null) {
    const { reason, detail } = reached
    return { ok: false, retry: reason === 'timeout' || reason === 'unreachable', reason, detail }
  }
  const { status, answer } = reached
  if (status >= 200 && status < 300) return { ok: true, detail: String(status) }
  const retry = asksAgain(status)
  return { ok: false, retry, reason: retry ? 'deferred' : 'refused', detail: cut(`${status} ${answer}`) }
}

interface Address {
  address: string
  family: number
}

async function resolve(url: URL, signal: AbortSignal): Promise<Address[]> {
  const hostname = url.hostname.replace(/^\[|\]$|\.$/g, '')
  if (isIP(hostname) !== 0) return [{ address: hostname, family: isIP(hostname) }]
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the name was not resolved in time')))
  })
  return Promise.race([lookup(hostname, { all: true }), late])
}

function post(
  url: URL,
  { headers, body }: Posted,
  target: Address[],
  signal: AbortSignal,
): Promise<{ status: number; answer: string; againInMs?: number }> {
  return new Promise((done, fail) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      agent: false,
      signal,
      // Where one of several does not answer, the next is tried.
      lookup: (_name, options, answer) =>
        options.all ? answer(null, target) : answer(null, target[0]!.address, target[0]!.family),
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        'user-agent': 'Tocsin',
        ...headers,
      },
    })
    // Whoever has said yes or no has answered, even when the rest of it never ends.
    let answered: (() => void) | undefined
    request.on('error', (error) => (answered ? answered() : fail(error)))
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      done({ status: response.statusCode ?? 101, answer: '' })
    })
    request.on('close', () => fail(new Error('the connection was closed without an answer')))
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      const finish = () => {
        done({
          status: response.statusCode ?? 0,
          answer: Buffer.concat(chunks).toString('utf8', 0, 1_000),
          againInMs: askedToWait(response.headers),
        })
        response.destroy()
      }
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= MOST_ANSWER) chunks.push(chunk)
        else finish()
      })
      answered = finish
      response.on('end', finish).on('error', finish)
    })
    request.end(body)
  })
}

/** Retry-After: seconds, or a date, which counts from the date of the answer: whose clock goes wrong is no matter. */
function askedToWait({ 'retry-after': asked, date }: http.IncomingHttpHeaders): number | undefined {
  if (asked === undefined) return undefined
  if (/^\d{1,9}$/.test(asked)) return Number(asked) * 1_000
  if (!/^[a-z]{3,9}, \d/i.test(asked)) return undefined
  const wait = Date.parse(asked) - (date ? Date.parse(date) : Date.now())
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}
