import { callbackify } from 'node:util'
import type { Logger } from '@tocsin/db/process'
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream } from 'smtp-server'
import type { Authenticate, Sender } from '../authenticate.ts'
import type { DatabaseClock } from '../database-clock.ts'
import type { Keeper } from '../keep.ts'
import { circumstancesOf } from '../place.ts'
import { BODY_LIMIT } from '../read-body.ts'
import { readAs } from '../try.ts'
import { readMessage, UnreadableMail } from './read-message.ts'

const CLIENTS = 50
const RECIPIENTS = 5
const IDLE_MS = 30_000

export interface MailDoor {
  authenticate: Authenticate
  admit: (integrationId: string, rate: number) => boolean
  keeper: Keeper
  clock: DatabaseClock
  log: Logger
}

/** What a mail server is told; 4xx comes again, 5xx does not. */
const answer = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })

/**
 * Takes mail for `<key>@<anything>`, keeps it as it came and answers 250 after the commit. Meant to stand behind
 * one's own mail server: it speaks neither TLS nor authentication, and relays nothing.
 */
export async function serveMail(
  door: MailDoor,
  { host, port }: { host: string; port: number },
): Promise<{ port: number; close: () => Promise<void> }> {
  const server = new SMTPServer({
    banner: 'Tocsin',
    size: BODY_LIMIT,
    maxClients: CLIENTS,
    socketTimeout: IDLE_MS,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo: (address, session, done) =>
      callbackify(async () => {
        if (session.envelope.rcptTo.length >= RECIPIENTS) throw answer(452, 'Too many recipients')
        if (!(await inTrouble(door, whose(door, address)))) throw answer(550, 'No such address')
      })(done),
    onData: (stream, { envelope: { mailFrom, rcptTo } }, done) =>
      callbackify(() =>
        inTrouble(door, take(door, stream, rcptTo, mailFrom === false || mailFrom.address === '')),
      )(done),
  })
  server.on('error', (error) => door.log.debug({ err: error }, 'a mail connection broke'))
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** What fails on our side is answered so that the mail comes again. */
async function inTrouble<T>({ log }: MailDoor, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if ((error as { responseCode?: number }).responseCode) throw error
    log.warn({ err: error }, 'a mail was not kept')
    throw answer(451, 'Not available just now: come again')
  }
}

async function whose(door: MailDoor, { address }: SMTPServerAddress): Promise<Sender | undefined> {
  const sender = await door.authenticate(address.slice(0, address.lastIndexOf('@')))
  return sender?.system === 'email' ? sender : undefined
}

async function take(
  door: MailDoor,
  stream: SMTPServerDataStream,
  recipients: SMTPServerAddress[],
  nullSender: boolean,
): Promise<void> {
  const bytes = await collect(stream)
  const payload = await readMessage(bytes, { nullSender }).catch((error: unknown) => {
    if (error instanceof UnreadableMail) return error
    throw error
  })
  // One after the other: a mail goes to one address but for odd cases.
  for (const recipient of recipients) {
    const sender = await whose(door, recipient)
    if (!sender) throw answer(550, 'No such address')
    if (!door.admit(sender.integrationId, sender.rate)) throw answer(451, 'Too many messages: come again')
    await keep(door, sender, bytes, payload)
  }
}

async function keep(
  door: MailDoor,
  sender: Sender,
  bytes: Buffer,
  payload: Record<string, unknown> | UnreadableMail,
): Promise<void> {
  const circumstances = circumstancesOf(
    { path: '', query: {} },
    { headers: {}, receivedAt: door.clock.now(), zone: sender.zone, mailRules: sender.mailRules },
  )
  const reading =
    payload instanceof UnreadableMail
      ? { refusal: { status: 422, title: 'Not read', detail: payload.message } }
      : readAs('email', { payload, flags: [] }, circumstances)
  const refused = 'refusal' in reading
  const events = refused ? [] : reading.events
  const kept = await door.keeper.keep({
    keyHash: sender.keyHash,
    integrationId: sender.integrationId,
    outcome: refused ? 'rejected' : 'accepted',
    answerStatus: refused ? 554 : 250,
    reason: refused ? reading.refusal.detail : null,
    contentType: 'message/rfc822',
    headers: '{}',
    body: bytes,
    events,
    count: events.length,
  })
  if (!kept) throw answer(550, 'No such address')
  // It is parked with its reason; its sender need not come again.
  if (refused) throw answer(554, reading.refusal.detail.replaceAll(/\s+/g, ' ').slice(0, 200))
}

async function collect(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length
    // Read to its end all the same: the answer comes after the whole message.
    if (size <= BODY_LIMIT) chunks.push(chunk)
  }
  if (stream.sizeExceeded || size > BODY_LIMIT) throw answer(552, `A message may have ${BODY_LIMIT} bytes`)
  return Buffer.concat(chunks)
}
