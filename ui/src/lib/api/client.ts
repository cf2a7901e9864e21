import { error as failPage, redirect } from '@sveltejs/kit'
import { ApiProblem, isProblem, readProblem } from './problem.ts'

type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>

interface Options {
  query?: Query
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** What a load function or a page calls the API with; throws ApiProblem for anything but success. */
export interface Api {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => Promise<T>
  post: <T>(path: string, body?: unknown, headers?: Record<string, string>) => Promise<T>
  patch: <T>(path: string, body: unknown, headers?: Record<string, string>) => Promise<T>
  put: <T>(path: string, body: unknown) => Promise<T>
  delete: <T>(path: string, body?: unknown) => Promise<T>
  upload: <T>(path: string, files: readonly File[], fields?: Record<string, string>) => Promise<T>
}

export const searchOf = (query: Query): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) search.append(name, one)
    else if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `?${text}` : ''
}

/** A client over the given fetch (a load's own, so that server rendering and hydration share the answer). */
export function apiOf(fetcher: typeof fetch): Api {
  const send = async <T>(method: string, path: string, options: Options = {}): Promise<T> => {
    const isForm = options.body instanceof FormData
    const headers: Record<string, string> = { accept: 'application/json', ...options.headers }
    if (options.body !== undefined && !isForm) headers['content-type'] = 'application/json'
    const body = isForm ? (options.body as FormData) : JSON.stringify(options.body)
    const response = await fetcher(`/api/v1${path}${searchOf(options.query ?? {})}`, {
      method,
      headers,
      body: options.body === undefined ? undefined : body,
      signal: options.signal,
    })
    if (!response.ok) throw new ApiProblem(await readProblem(response))
    if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as T
    return (await response.json()) as T
  }
  return {
    get: (path, query, signal) => send('GET', path, { query, signal }),
    post: (path, body, headers) => send('POST', path, { body: body ?? {}, headers }),
    patch: (path, body, headers) => send('PATCH', path, { body, headers }),
    put: (path, body) => send('PUT', path, { body }),
    delete: (path, body) => send('DELETE', path, { body }),
    upload: (path, files, fields = {}) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.set(name, value)
      for (const file of files) form.append('file', file)
      return send('POST', path, { body: form })
    },
  }
}

/** The client of the browser: for what people do on a page that is already there. */
export const api: Api = apiOf((...input) => fetch(...input))

const mostRemembered = 80
const remembered = new Map<string, unknown>()

/** The desk cannot be reached, or is restarting: it has not answered at all. */
const isAway = (error: unknown): boolean =>
  isProblem(error) ? error.status === 503 && error.problem.type === 'about:blank' : error instanceof TypeError

/** In the browser, what a page read before stays while the desk is away: what somebody writes there stays with it. */
function remembering(given: Api): Api {
  if (typeof window === 'undefined') return given
  const get = async <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> => {
    const asked = path + searchOf(query ?? {})
    try {
      const answer = await given.get<T>(path, query, signal)
      remembered.delete(asked)
      remembered.set(asked, answer)
      if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!)
      return answer
    } catch (error) {
      if (!isAway(error) || !remembered.has(asked)) throw error
      return remembered.get(asked) as T
    }
  }
  return { ...given, get }
}

/**
 * For load functions: runs the calls, sends a reader without a session to the sign-in page and back,
 * and turns every other problem into the error page with its request id.
 */
export async function loadFrom<T>(
  event: { fetch: typeof fetch; url: URL },
  calls: (api: Api) => Promise<T>,
): Promise<T> {
  try {
    return await calls(remembering(apiOf(event.fetch)))
  } catch (error) {
    if (!isProblem(error)) throw error
    if (error.status === 401) redirect(303, signInThen(event.url))
    failPage(error.status, { message: error.message, requestId: error.problem.request_id })
  }
}

export const signInThen = (url: URL): string =>
  `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`
