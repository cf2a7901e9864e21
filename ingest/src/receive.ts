import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from '@tocsin/db/process'
import type { Event, System, Unopened, Unreadable } from '@tocsin/desk'
import type { Answer, Circumstances, Refusal } from './adapters/adapter.ts'
import { ADAPTERS } from './adapters/registry.ts'
import { Forged } from './adapters/signature.ts'
import type { Authenticate, Sender } from './authenticate.ts'
import type { DatabaseClock } from './database-clock.ts'
import { type Keeper, NotKept } from './keep.ts'
import { keptHeaders } from './kept-headers.ts'
import type { Outside } from './outside.ts'
import type { Parsed } from './parse.ts'
import { circumstancesOf, type Place } from './place.ts'
import { BodyRefused, readBody } from './read-body.ts'
import { redactBody } from './redact.ts'
import { refusalAnswer } from './refuse.ts'
import { slowDown } from './slow-down.ts'
import { countUnopened, decode, readAs } from './try.ts'
import type { Turns } from './turns.ts'

export interface Door {
  authenticate: Authenticate
  admit: (integrationId: string, rate: number) => boolean
  turns: Turns
  /** Requests that are at the door now. */
  load: { requests: number }
  keyOfNamed: (
    integrationId: string,
    name: { by: 'id' | 'tiny'; value: string },
  ) => Promise<string | undefined>
  keeper: Keeper
  clock: DatabaseClock
  outside: Outside
  log: Logger
  observe: (labels: { system: string; status: number }, seconds: number) => void
  bodyDeadlineMs?: number
}

interface Outcome extends Answer {
  /** Seconds. */
  retryAfter?: number
  /** Said a little later: who sends too fast, and asks again at once, must not take the time of others. */
  slowed?: boolean
  /** The connection is spent: the sender is still sending what nobody reads. */
  close?: boolean
}

/** Answers one request at a place of the door, always; only what is committed gets a success. */
export async function receive(
  door: Door,
  place: Place,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now()
  door.load.requests += 1
  const outcome = await answer(door, place, request).catch((error: unknown): Outcome => {
    door.log.error({ err: error, system: place.system }, 'a request failed')
    return refuse(place, 500, 'Something broke on our side', 'It is in the log of the door.')
  })
  door.load.requests -= 1
  if (outcome.slowed) await slowDown()
  const body = outcome.body === undefined ? '' : JSON.stringify(outcome.body)
  response.writeHead(outcome.status, {
    ...(body !== '' && { 'content-type': outcome.type ?? 'application/json' }),
    'content-length': Buffer.byteLength(body),
    ...(outcome.retryAfter && { 'retry-after': String(outcome.retryAfter) }),
    ...(outcome.close && { connection: 'close' }),
  })
  response.end(body, () => {
    if (outcome.close) request.destroy()
  })
  const seconds = (performance.now() - started) / 1000
  door.observe({ system: place.system, status: outcome.status }, seconds)
  if (outcome.status >= 400)
    door.log.info(
      {
        requestId: randomUUID(),
        system: place.system,
        status: outcome.status,
        ms: Math.round(seconds * 1000),
      },
      'refused',
    )
}

const refuse = (place: Place, status: number, title: string, detail: string): Outcome =>
  refusalAnswer({ status, title, detail }, place)

const unavailable = (place: Place): Outcome => ({
  ...refuse(
    place,
    ADAPTERS[place.system].overload.unavailable,
    'Not available just now',
    'Nothing is lost if you send it again.',
  ),
  retryAfter: 2,
})

const unknownKey = (place: Place): Outcome =>
  refuse(place, 401, 'Unknown key', 'The key is missing, unknown or no longer valid for this address.')

async function answer(door: Door, place: Place, request: IncomingMessage): Promise<Outcome> {
  const early = place.key === null ? undefined : await admit(door, place, place.key)
  if (early && 'status' in early) return early
  const body = await bodyOf(place.system, request, door.bodyDeadlineMs)
  const inTurn = async (sender: Sender, come: () => Came | Promise<Came>): Promise<Outcome> => {
    const asked = door.turns.enter(sender.integrationId, body.bytes.length)
    const turn = asked instanceof Promise ? await asked : asked
    if (turn === 'late') return tooMany(place, 'Too much of this integration was waiting already.')
    try {
      return await takeIn(door, place, { request, sender, patient: turn.patient }, await come())
    } finally {
      turn.leave()
    }
  }
  if (early) return inTurn(early, () => came(door, place, request, body, early))
  // Only the body says who it is.
  const it = await came(door, place, request, body)
  const payload = ('payload' in it.got && it.got.payload) || {}
  const sender = await admit(door, place, ADAPTERS[place.system].keyOf?.(payload, it.circumstances) ?? '')
  if ('status' in sender) return 'refusal' in it.got ? refusalOf(place, it.got) : sender
  return inTurn(sender, () => it)
}

interface Guest {
  request: IncomingMessage
  sender: Sender
  /** One of a flood beside others. */
  patient: boolean
}

interface Came {
  got: Taken | Refused
  circumstances: Circumstances
}

/** What came, decoded, and all else that is known of it; `early` is who stands there, where the address says it. */
async function came(
  door: Door,
  place: Place,
  request: IncomingMessage,
  body: Body | Refused,
  early?: Sender,
): Promise<Came> {
  const headers = textHeaders(request.headers)
  const circumstances = circumstancesOf(place, {
    method: request.method,
    headers,
    receivedAt: door.clock.now(),
    zone: early?.zone,
    mailRules: early?.mailRules,
    mapping: early?.mapping,
  })
  const got =
    'refusal' in body ? body : { bytes: body.bytes, ...(await decode(place.system, body.bytes, headers)) }
  return { got, circumstances }
}

/** Reads what came and keeps it. */
async function takeIn(
  door: Door,
  place: Place,
  guest: Guest,
  { got, circumstances }: Came,
): Promise<Outcome> {
  const named = await whichAlert(door, guest.sender, circumstances)
  if (named === undefined) return unavailable(place)
  circumstances.named = named
  const read = 'refusal' in got ? got : await understand(door, place, guest.sender, got, circumstances)
  if ('answer' in read) return read.answer
  return keep(door, place, guest, circumstances, read)
}

/** Who stands there, unless the key is not known or its integration sends too fast. */
async function admit(door: Door, place: Place, key: string): Promise<Sender | Outcome> {
  const known = door.authenticate(key)
  const sender =
    known instanceof Promise
      ? await inTime(known).catch((error: unknown) => {
          door.log.warn({ err: error }, 'a key could not be checked')
          return 'unreachable' as const
        })
      : known
  if (sender === 'unreachable') return unavailable(place)
  if (sender?.system !== place.system) return unknownKey(place)
  door.turns.came(sender.integrationId)
  if (door.admit(sender.integrationId, sender.rate)) return sender
  return tooMany(place, `This integration may send ${sender.rate} requests a second.`)
}

function tooMany(place: Place, detail: string): Outcome {
  const { limited } = ADAPTERS[place.system].overload
  return { ...refuse(place, limited, 'Too many requests', detail), retryAfter: 1, slowed: true }
}

/** The key of the alert that the address names by an id of ours; null: it names none, undefined: unreachable. */
async function whichAlert(
  { keyOfNamed, log }: Door,
  { system, integrationId }: Sender,
  circumstances: Circumstances,
): Promise<string | null | undefined> {
  const name = ADAPTERS[system].named?.(circumstances)
  if (!name) return null
  try {
    return (await inTime(keyOfNamed(integrationId, name))) ?? null
  } catch (error) {
    log.warn({ err: error }, 'an alert could not be looked up')
    return undefined
  }
}

// The worker is one for an integration, so the door opens what it has the time for.
const BUSY = 16

interface Body {
  bytes: Buffer
}

type Taken = Parsed & Body

/** A body that is kept and not read, with what its sender is told. */
interface Refused {
  refusal: Refusal
  bytes: Buffer
  close?: boolean
}

interface Understood {
  bytes: Buffer
  events: (Event | Unreadable)[] | Unopened
  count: number
}

async function bodyOf(
  system: System,
  request: IncomingMessage,
  deadlineMs?: number,
): Promise<Body | Refused> {
  try {
    return { bytes: await readBody(request, deadlineMs, ADAPTERS[system].bodyLimit) }
  } catch (error) {
    if (!(error instanceof BodyRefused)) throw error
    const refusal = { status: error.status, title: 'The body cannot be taken', detail: error.message }
    return { refusal, bytes: Buffer.alloc(0), close: true }
  }
}

/** Proof, greeting and meaning, in this order: nothing is done for a sender that cannot prove itself. */
async function understand(
  door: Door,
  place: Place,
  sender: Sender,
  taken: Taken,
  circumstances: Circumstances,
): Promise<Understood | Refused | { answer: Outcome }> {
  const { bytes } = taken
  const { signature, greet } = ADAPTERS[sender.system]
  try {
    if (signature && sender.secrets.length > 0 && !signature(bytes, circumstances, sender.secrets))
      throw new Forged()
    const greeting = await greet?.(taken.payload, circumstances, sender.secrets, door.outside)
    if (greeting) return { answer: greeting }
  } catch (error) {
    if (!(error instanceof Forged)) {
      door.log.warn({ err: error, system: sender.system }, 'a greeting failed')
      return { answer: unavailable(place) }
    }
    return { refusal: { status: 403, title: 'Not signed by its sender', detail: error.message }, bytes }
  }
  const unopened = door.load.requests > BUSY ? countUnopened(sender.system, taken, circumstances) : undefined
  if (unopened !== undefined) return { bytes, events: { path: circumstances.path }, count: unopened }
  const reading = readAs(sender.system, taken, circumstances)
  return 'refusal' in reading ? { bytes, ...reading } : { bytes, ...reading, count: reading.events.length }
}

const refusalOf = (place: Place, { refusal, close }: Refused): Outcome => ({
  ...refusalAnswer(refusal, place),
  close,
})

async function keep(
  door: Door,
  place: Place,
  { request, sender, patient }: Guest,
  circumstances: Circumstances,
  read: Understood | Refused,
): Promise<Outcome> {
  const { system } = sender
  const refused = 'refusal' in read ? refusalOf(place, read) : undefined
  const { events, count } = 'events' in read ? read : { events: [], count: 0 }
  const accepted = (receipt: string) =>
    ADAPTERS[system].accepted({
      receipt,
      events: Array.isArray(events) ? events : [],
      count,
      circumstances,
    })
  try {
    const kept = await door.keeper.keep({
      keyHash: sender.keyHash,
      integrationId: sender.integrationId,
      outcome: refused ? 'rejected' : 'accepted',
      answerStatus: (refused ?? accepted('')).status,
      reason: 'refusal' in read ? read.refusal.detail : null,
      contentType: request.headers['content-type']?.slice(0, 200) ?? null,
      headers: keptHeaders(circumstances.headers),
      body: redactBody(ADAPTERS[system], read.bytes),
      events,
      count,
      patient,
    })
    if (!kept) return unknownKey(place)
    return refused ?? accepted(kept.receipt)
  } catch (error) {
    if (!(error instanceof NotKept)) throw error
    door.log.warn({ err: error.cause ?? error }, 'a receipt was not kept')
    // What is refused for its own sake is refused for good; the sender need not come again.
    return refused ?? unavailable(place)
  }
}

const textHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

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
