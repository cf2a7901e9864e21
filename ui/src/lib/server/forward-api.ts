import type { RequestEvent } from '@sveltejs/kit'
import { TOCSIN_API_URL } from '$app/env/private'
import { log } from './log.ts'
import { apiUnreachable } from './metrics.ts'

/** Headers that belong to one connection and never travel further (RFC 9110, 7.6.1). */
const connectionHeaders = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'expect',
]

/** The headers that reach the API: the caller's own, and who called us under which name. */
export function forwardedHeaders(event: RequestEvent, source: Headers = event.request.headers): Headers {
  const headers = new Headers(source)
  for (const name of connectionHeaders) headers.delete(name)
  const caller = event.getClientAddress()
  const before = event.request.headers.get('x-forwarded-for')
  headers.set('x-forwarded-for', before ? `${before}, ${caller}` : caller)
  headers.set('x-forwarded-host', event.request.headers.get('x-forwarded-host') ?? event.url.host)
  headers.set('x-forwarded-proto', event.request.headers.get('x-forwarded-proto') ?? 'http')
  headers.set('x-request-id', event.locals.requestId)
  headers.set('accept-encoding', 'identity')
  return headers
}

/** Streams one request to the API and its answer back, bodies of any size and event streams included. */
export async function forwardToApi(event: RequestEvent): Promise<Response> {
  const { request, url } = event
  const bodyless = request.method === 'GET' || request.method === 'HEAD'
  const init: RequestInit & { duplex: 'half' } = {
    method: request.method,
    headers: forwardedHeaders(event),
    body: bodyless ? null : request.body,
    duplex: 'half',
    redirect: 'manual',
    signal: request.signal,
  }
  const ask = () => fetch(new URL(url.pathname + url.search, TOCSIN_API_URL), init)
  try {
    // A connection that lay ready may have been closed at the other end: what changes nothing is asked once more.
    const answer = await ask().catch((error: unknown) => {
      if (!bodyless || request.signal.aborted) throw error
      return ask()
    })
    const headers = new Headers(answer.headers)
    for (const name of connectionHeaders) if (name !== 'content-length') headers.delete(name)
    return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers })
  } catch (error) {
    if (request.signal.aborted) return new Response(null, { status: 499 })
    apiUnreachable.inc()
    log.warn({ requestId: event.locals.requestId, err: error, path: url.pathname }, 'the API does not answer')
    return apiAbsent(event.locals.requestId)
  }
}

function apiAbsent(requestId: string): Response {
  const problem = {
    type: 'about:blank',
    title: 'The desk is starting or restarting',
    status: 503,
    detail: 'The API does not answer at the moment. Nothing was changed; try again in a few seconds.',
    request_id: requestId,
  }
  return Response.json(problem, {
    status: 503,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '2' },
  })
}
