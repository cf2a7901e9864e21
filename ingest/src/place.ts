import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isSystem, type System } from '@tocsin/desk'
import type { Circumstances } from './adapters/adapter.ts'
import { ADAPTERS } from './adapters/registry.ts'

/** Which door a request stands at. */
export interface Place {
  system: System
  /** null: only the body holds it. */
  key: string | null
  path: string
  query: Record<string, string>
}

interface Address {
  system: System
  segments: string[]
}

const ADDRESSES: Address[] = Object.entries(ADAPTERS).flatMap(([system, { addresses }]) =>
  addresses.map((address) => ({ system: system as System, segments: address.split('/') })),
)
const PATHS = new Map(
  Object.entries(ADAPTERS).map(([system, { paths }]) => [system, paths.map((path) => path.split('/'))]),
)

/**
 * `/v1/{system}/{key}` and what the system itself adds; `/v1/{system}` with the key as bearer token or
 * password; or the address at which the service listens that the adapter stands in for.
 */
export function placeOf({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): Place | undefined {
  const [whole = '', search = ''] = url.split('?', 2)
  const query = search === '' ? {} : Object.fromEntries(new URLSearchParams(search))
  const trimmed = whole.replace(/\/+$/, '')
  const [, version, system = '', ...rest] = trimmed.split('/')
  const shown = shownKey(headers.authorization)
  if (version === 'v1' && isSystem(system)) {
    const added = (after: string[]) => PATHS.get(system)!.some((path) => fits(path, ['', ...after]))
    const [key, ...after] = rest
    if (shown && added(rest)) return { system, key: shown, path: joined(rest), query }
    if (key !== undefined && added(after)) return { system, key: decoded(key), path: joined(after), query }
    if (rest.length === 0 && PATHS.get(system)!.some((path) => path.length === 1))
      return { system, key: ADAPTERS[system].keyOf ? null : '', path: '', query }
    return undefined
  }
  const segments = trimmed.split('/')
  const address = ADDRESSES.find((one) => fits(one.segments, segments))
  return address && { system: address.system, key: shown ?? null, path: trimmed, query }
}

/** What an adapter is told of a request. */
export const circumstancesOf = (
  place: Pick<Place, 'path' | 'query'>,
  request: Pick<Circumstances, 'headers' | 'receivedAt'> & Partial<Circumstances>,
): Circumstances => {
  let fresh: string | undefined
  return {
    method: request.method ?? 'POST',
    path: place.path,
    query: place.query,
    headers: request.headers,
    receivedAt: request.receivedAt,
    // Few ask for it, and it is dear.
    get fresh() {
      return (fresh ??= randomUUID().replaceAll('-', ''))
    },
    mailRules: request.mailRules ?? [],
    zone: request.zone ?? 'UTC',
    mapping: request.mapping ?? null,
  }
}

const fits = (pattern: string[], segments: string[]): boolean =>
  pattern.length === segments.length &&
  pattern.every((part, index) => (part === '*' ? segments[index] !== '' : part === segments[index]))

const joined = (segments: string[]) => (segments.length === 0 ? '' : `/${segments.join('/')}`)

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A broken escape is no key of ours, and is told so as any other.
    return segment
  }
}

/** The key as a bearer token, or as the password of basic authentication under any name. */
function shownKey(authorization = ''): string | undefined {
  const [, scheme = '', word = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization) ?? []
  if (scheme.toLowerCase() === 'bearer') return word
  if (scheme === '') return undefined
  const [, ...password] = Buffer.from(word, 'base64').toString('utf8').split(':')
  return password.join(':') || undefined
}
