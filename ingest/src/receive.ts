import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from '@tocsin/db/process'
import { isSystem, type Received, type System } from '@tocsin/desk'
import { ADAPTERS } from './adapters/registry.ts'
import type { Authenticate, Sender } from './authenticate.ts'
import type { DatabaseClock } from './database-clock.ts'
import { type Keeper, NotKept, type Parcel } from './keep.ts'
import { BodyRefused, readBody } from './read-body.ts'
import { readAs } from './try.ts'

export interface Door {
  authenticate: Authenticate
  admit: (integrationId: string, rate: number) => boolean
  keeper: Keeper
  clock: DatabaseClock
  log: Logger
  observe: (labels: { system: string; status: number }, seconds: number) => void
  bodyDeadlineMs?: number
}

interface Outcome {
  status: number
  body: unknown
  /** Seconds. */
  retryAfter?: number
  /** The connection is spent: the sender is still sending what nobody reads. */
  close?: boolean
}

const problem = (status: number, title: string, detail: string): Outcome => ({
  status,
  body: { type: 'about:blank', title, status, detail },
})

/** Answers one request to `/v1/…`, always; only what is committed gets a success. */
export async function receive(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = performance.now()
  const place = placeOf(request)
  const outcome = await answer(door, request, place).catch((error: unknown) => {
    door.log.error({ err: error, system: place?.system }, 'a request failed')
    return problem(500, 'Something broke on our side', 'It is in the log of the door.')
  })
  const body = JSON.stringify(outcome.body)
  response.writeHead(outcome.status, {
    'content-type': outcome.status < 400 ? 'application/json' : 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    ...(outcome.retryAfter && { 'retry-after': String(outcome.retryAfter) }),
    ...(outcome.close && { connection: 'close' }),
  })
  response.end(body, () => {
    if (outcome.close) request.destroy()
  })
  const seconds = (performance.now() - started) / 1000
  door.observe({ system: place?.system ?? 'none', status: outcome.status }, seconds)
  if (outcome.status >= 400)
    door.log.info(
      {
        requestId: randomUUID(),
        system: place?.system,
        status: outcome.status,
        ms: Math.round(seconds * 1000),
      },
      'refused',
    )
}

interface Place {
  system: System
  key: string
}

/** `/v1/{system}/{key}` and what the system itself adds, or the key as a bearer token. */
function placeOf(request: IncomingMessage): Place | undefined {
  const path = (request.url ?? '').split('?', 1)[0]!
  const [, version, system = '', ...rest] = path.split('/')
  if (version !== 'v1' || !isSystem(system)) return undefined
  const { paths } = ADAPTERS[system]
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const whole = rest.length === 0 ? '' : `/${rest.join('/')}`
  if (bearer && paths.includes(whole.replace(/\/$/, ''))) return { system, key: bearer }
  const [key = '', ...after] = rest
  const added = after.length === 0 ? '' : `/${after.join('/')}`
  return paths.includes(added.replace(/\/$/, '')) ? { system, key } : undefined
}

async function answer(door: Door, request: IncomingMessage, place: Place | undefined): Promise<Outcome> {
  if (!place) return problem(404, 'Not found', 'Events are sent to /v1/{system}/{key}.')
  if (request.method !== 'POST') return problem(405, 'Method not allowed', 'Events are sent with POST.')
  const adapter = ADAPTERS[place.system]
  const unavailable: Outcome = {
    ...problem(
      adapter.overload.unavailable,
      'Not available just now',
      'Nothing is lost if you send it again.',
    ),
    retryAfter: 2,
  }
  const sender = await inTime(door.authenticate(place.key)).catch((error: unknown) => {
    door.log.warn({ err: error }, 'a key could not be checked')
    return 'unreachable' as const
  })
  if (sender === 'unreachable') return unavailable
  if (sender?.system !== place.system) return unknownKey
  if (!door.admit(sender.integrationId, sender.rate))
    return {
      ...problem(
        adapter.overload.limited,
        'Too many requests',
        `This integration may send ${sender.rate} requests a second.`,
      ),
      retryAfter: 1,
    }
  const { outcome, reason, bytes, events } = await read(door, request, place.system)
  try {
    const kept = await door.keeper.keep(parcelOf(request, sender, { outcome, reason, bytes, events }))
    if (!kept) return unknownKey
    if (outcome) return outcome
    return adapter.accepted({
      receipt: kept.receipt,
      events: events.filter((event) => event.kind !== 'unread'),
    })
  } catch (error) {
    if (!(error instanceof NotKept)) throw error
    door.log.warn({ err: error.cause ?? error }, 'a receipt was not kept')
    // What is refused for its own sake is refused for good; the sender need not come again.
    return outcome ?? unavailable
  }
}

const unknownKey = problem(
  401,
  'Unknown key',
  'The key is missing, unknown or no longer valid for this address.',
)

interface Read {
  /** Set where the body is refused. */
  outcome?: Outcome
  reason: string | null
  bytes: Buffer
  events: Received[]
}

async function read(door: Door, request: IncomingMessage, system: System): Promise<Read> {
  let bytes: Buffer
  try {
    bytes = await readBody(request, door.bodyDeadlineMs)
  } catch (error) {
    if (!(error instanceof BodyRefused)) throw error
    const outcome = { ...problem(error.status, 'The body cannot be taken', error.message), close: true }
    return { outcome, reason: error.message, bytes: Buffer.alloc(0), events: [] }
  }
  const reading = readAs(system, bytes, {
    headers: textHeaders(request.headers),
    receivedAt: door.clock.now(),
  })
  if ('events' in reading) return { reason: null, bytes, events: reading.events }
  const { status, title, detail } = reading.refusal
  return { outcome: problem(status, title, detail), reason: detail, bytes, events: [] }
}

function parcelOf(
  request: IncomingMessage,
  sender: Sender,
  { outcome, reason, bytes, events }: Read,
): Parcel {
  return {
    keyHash: sender.keyHash,
    integrationId: sender.integrationId,
    outcome: outcome ? 'rejected' : 'accepted',
    answerStatus: outcome?.status ?? ADAPTERS[sender.system].accepted({ receipt: '', events: [] }).status,
    reason,
    contentType: request.headers['content-type']?.slice(0, 200) ?? null,
    headers: keptHeaders(request.headers),
    body: bytes,
    events,
  }
}

const textHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

const SECRET = /auth|cookie|token|secret|key|password|signature/
const KEPT_HEADERS = 40

/** What is kept of the headers: no secrets, nothing long. */
function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(textHeaders(headers)).slice(0, KEPT_HEADERS)
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name.slice(0, 100),
      SECRET.test(name) ? '[redacted]' : value.slice(0, 500),
    ]),
  )
}

const LOOKUP_DEADLINE_MS = 1_500

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), LOOKUP_DEADLINE_MS)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
