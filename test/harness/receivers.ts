import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface MailReceiver {
  url: string
  /** Every mail taken, raw, in order. */
  mails: string[]
  /** How many connections were made so far. */
  connections: number
  /**
   * How it answers from now on: takes mail, refuses it for good, asks to come back, never says a word, or has
   * the mail and never says so.
   */
  mode: 'take' | 'refuse' | 'defer' | 'hang' | 'swallow'
  close: () => Promise<void>
}

/** A mail server that keeps what it is given, and can be as unhelpful as real ones. */
export async function mailReceiver(): Promise<MailReceiver> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onConnect: (_session, next) => {
      receiver.connections++
      if (receiver.mode !== 'hang') next()
    },
    onRcptTo: (_address, _session, next) => {
      if (receiver.mode === 'take' || receiver.mode === 'swallow') return next()
      const error = new Error(receiver.mode === 'defer' ? 'greylisted' : 'no such mailbox')
      next(Object.assign(error, { responseCode: receiver.mode === 'defer' ? 451 : 550 }))
    },
    onData: (stream, _session, next) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        receiver.mails.push(Buffer.concat(chunks).toString('utf8'))
        if (receiver.mode !== 'swallow') next()
      })
    },
  })
  // A client that gives up resets the connection; that is the client's affair.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: MailReceiver = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails: [],
    connections: 0,
    mode: 'take',
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return receiver
}

export interface Called {
  headers: Record<string, string | string[] | undefined>
  body: string
}

export interface WebhookReceiver {
  url: string
  /** Every call, in order. */
  calls: Called[]
  /** The status it answers from now on; undefined never answers. */
  status: number | undefined
  /** What stands in the head of its answers from now on. */
  headers: Record<string, string>
  close: () => Promise<void>
}

export async function webhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => {
      receiver.calls.push({ headers: request.headers, body })
      if (receiver.status !== undefined) response.writeHead(receiver.status, receiver.headers).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    calls: [],
    status: 204,
    headers: {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}
