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
  | { status: number; answer: string }
  | { status: null; reason: 'address' | 'blocked' | 'timeout' | 'unreachable'; detail?: string }

/**
 * Posts bytes. The target is resolved once, judged by `may`, and that very address is called, so a name cannot
 * flip in between; redirects are not followed; 5 s unless said otherwise and 64 KB of answer are the most it gets.
 */
export async function postBytes(call: Posted, may: (address: string) => boolean): Promise<Reached> {
  const url = URL.parse(call.url)
  if (!url || !['http:', 'https:'].includes(url.protocol)) return { status: null, reason: 'address' }
  const signal = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS)
  try {
    const target = await resolve(url.hostname.replace(/^\[|\]$/g, ''), signal)
    if (!target.every(({ address }) => may(address)))
      return { status: null, reason: 'blocked', detail: 'the target is not a public address' }
    return await post(url, call, target[0]!, signal)
  } catch (error) {
    const detail = error instanceof Error ? cut(error.message) : 'failed'
    return { status: null, reason: signal.aborted ? 'timeout' : 'unreachable', detail }
  }
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

async function resolve(hostname: string, signal: AbortSignal): Promise<Address[]> {
  if (isIP(hostname) !== 0) return [{ address: hostname, family: isIP(hostname) }]
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the name was not resolved in time')))
  })
  return Promise.race([lookup(hostname, { all: true }), late])
}

function post(
  url: URL,
  { headers, body }: Posted,
  { address, family }: Address,
  signal: AbortSignal,
): Promise<{ status: number; answer: string }> {
  return new Promise((done, fail) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      agent: false,
      signal,
      lookup: (_name, options, answer) =>
        options.all ? answer(null, [{ address, family }]) : answer(null, address, family),
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        'user-agent': 'Tocsin',
        ...headers,
      },
    })
    request.on('error', fail)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      const finish = () => {
        done({ status: response.statusCode ?? 0, answer: Buffer.concat(chunks).toString('utf8', 0, 1_000) })
        response.destroy()
      }
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= MOST_ANSWER) chunks.push(chunk)
        else finish()
      })
      // Whoever has said yes or no has answered, even when the rest of it never ends.
      response.on('end', finish).on('error', finish)
    })
    request.end(body)
  })
}
