import { randomUUID } from 'node:crypto'
import type { RequestEvent } from '@sveltejs/kit'
import type { Handle, HandleFetch, HandleServerError, ResolveOptions } from '@sveltejs/kit/hooks'
import { TOCSIN_API_URL, TOCSIN_PUBLIC_URL } from '$app/env/private'
import { paraglideMiddleware } from '#lib/paraglide/server.js'
import { forwardToApi, forwardedHeaders } from '#lib/server/forward-api.ts'
import { log } from '#lib/server/log.ts'
import { requestSeconds } from '#lib/server/metrics.ts'
import { chosenLocale, chosenTheme } from '#lib/server/page-settings.ts'
import { mayAct } from '#lib/server/same-origin.ts'

type Resolve = (event: RequestEvent, options?: ResolveOptions) => Promise<Response>

const acceptableId = /^[\w-]{8,64}$/

export const handle: Handle = async ({ event, resolve }) => {
  const started = performance.now()
  const given = event.request.headers.get('x-request-id') ?? ''
  event.locals.requestId = acceptableId.test(given) ? given : randomUUID()

  const isApi = event.url.pathname.startsWith('/api/')
  const response = !mayAct(event.request, TOCSIN_PUBLIC_URL)
    ? foreignOrigin(event.locals.requestId)
    : await (isApi ? forwardToApi(event) : renderPage(event, resolve))
  const route = isApi ? '/api' : (event.route.id ?? 'none')
  requestSeconds.observe({ route, status: response.status }, (performance.now() - started) / 1000)
  return response
}

/** During server rendering, loads reach the API directly rather than through our own door. */
export const handleFetch: HandleFetch = ({ event, request, fetch }) => {
  const url = new URL(request.url)
  if (url.origin !== event.url.origin || !url.pathname.startsWith('/api/')) return fetch(request)
  const headers = forwardedHeaders(event, request.headers)
  const cookie = event.request.headers.get('cookie')
  if (cookie) headers.set('cookie', cookie)
  return fetch(
    new Request(new URL(url.pathname + url.search, TOCSIN_API_URL), { method: request.method, headers }),
  )
}

/** What nobody foresaw: the log gets the error, the page only the id to find it by. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  const { requestId } = event.locals
  if (kind === 'unknown') log.error({ err: error, requestId, path: event.url.pathname }, 'a page failed')
  return { requestId }
}

async function renderPage(event: RequestEvent, resolve: Resolve): Promise<Response> {
  const locale = chosenLocale(event)
  const theme = chosenTheme(event)
  const spoken = new Request(event.url, { headers: { cookie: `tocsin_locale=${locale}` } })
  const response = await paraglideMiddleware(spoken, () =>
    resolve(event, {
      // The typed client asks for them, in the browser's replay of a server load too.
      filterSerializedResponseHeaders: (name) =>
        ['content-length', 'content-type', 'etag', 'x-request-id'].includes(name),
      transformPageChunk: ({ html }) => html.replace('%lang%', locale).replace('%theme%', theme),
    }),
  )
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value)
  response.headers.set('x-request-id', event.locals.requestId)
  response.headers.set('cache-control', 'private, no-store')
  return response
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
}

function foreignOrigin(requestId: string): Response {
  const problem = {
    type: 'about:blank',
    title: 'Requests from other sites are refused',
    status: 403,
    request_id: requestId,
  }
  return Response.json(problem, { status: 403, headers: { 'content-type': 'application/problem+json' } })
}
