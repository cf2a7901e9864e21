import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Circumstances } from './adapters/adapter.ts'
import { ADAPTERS } from './adapters/registry.ts'
import { admit, whichAlert } from './admit.ts'
import type { Sender } from './authenticate.ts'
import type { Door } from './door.ts'
import { type Headers, headersOf } from './headers.ts'
import { NotKept } from './keep.ts'
import { type Outcome, refuse, tooMany, unavailable, unknownKey } from './outcome.ts'
import { circumstancesOf, type Place } from './place.ts'
import { redactBody } from './redact.ts'
import { refusalAnswer } from './refuse.ts'
import { slowDown } from './slow-down.ts'
import { decode } from './try.ts'
import { type Body, bodyOf, type Refused, type Taken, type Understood, understand } from './understand.ts'

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

async function answer(door: Door, place: Place, request: IncomingMessage): Promise<Outcome> {
  const early = place.key === null ? undefined : await admit(door, place, place.key)
  if (early && 'status' in early) return early
  const body = await bodyOf(place.system, request, door.bodyDeadlineMs)
  const headers = headersOf(request)
  const inTurn = async (sender: Sender, come: () => Came | Promise<Came>): Promise<Outcome> => {
    const asked = door.turns.enter(sender.integrationId, body.bytes.length)
    const turn = asked instanceof Promise ? await asked : asked
    if (turn === 'late') return tooMany(place, 'Too much of this integration was waiting already.')
    try {
      return await takeIn(door, place, { headers, sender, patient: turn.patient }, await come())
    } finally {
      turn.leave()
    }
  }
  if (early) return inTurn(early, () => came(door, place, { method: request.method, headers }, body, early))
  // Only the body says who it is.
  const it = await came(door, place, { method: request.method, headers }, body)
  const payload = ('payload' in it.got && it.got.payload) || {}
  const sender = await admit(door, place, ADAPTERS[place.system].keyOf?.(payload, it.circumstances) ?? '')
  if ('status' in sender) return 'refusal' in it.got ? refusalOf(place, it.got) : sender
  return inTurn(sender, () => it)
}

interface Guest {
  headers: Headers
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
  request: { method?: string; headers: Headers },
  body: Body | Refused,
  early?: Sender,
): Promise<Came> {
  const headers = request.headers.text
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

const refusalOf = (place: Place, { refusal, close }: Refused): Outcome => ({
  ...refusalAnswer(refusal, place),
  close,
})

async function keep(
  door: Door,
  place: Place,
  { headers, sender, patient }: Guest,
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
      contentType: headers.contentType,
      headers: headers.kept,
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
