import { randomBytes } from 'node:crypto'
import { connect, type Db } from '@tocsin/db'
import { createLog } from '@tocsin/db/process'
import { createIntegration, type IntegrationInput, SYSTEM, transact } from '@tocsin/desk'
import { serveDoor } from '@tocsin/ingest/serve'
import { runWorker, waitingIntegrations, workIntegration } from '@tocsin/ingest/worker'
import { Registry } from 'prom-client'

export interface TestDoor {
  url: string
  mailPort: number | undefined
  internalToken: string
  /** Sends a body as a monitoring system would; anything but text and bytes goes as JSON. */
  send: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>
  close: () => Promise<void>
}

/** Under which the secrets of senders lie in tests. */
export const DOOR_SECRET = 'a secret of at least thirty-two characters'

/** The machines' door over this database, on a port of its own. */
export async function testDoor(
  databaseUrl: string,
  options: { bodyDeadlineMs?: number; mailPort?: number; visit?: typeof fetch } = {},
): Promise<TestDoor> {
  const internalToken = randomBytes(24).toString('base64url')
  const door = await serveDoor({
    host: '127.0.0.1',
    port: 0,
    databaseUrl,
    internalToken,
    secret: DOOR_SECRET,
    log: createLog('ingest', 'silent'),
    registry: new Registry(),
    ...options,
  })
  return {
    ...door,
    internalToken,
    send: (path, body, headers = {}) =>
      fetch(`${door.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body:
          body instanceof Buffer
            ? new Uint8Array(body)
            : typeof body === 'string'
              ? body
              : JSON.stringify(body),
      }),
  }
}

/** A source with a key. */
export async function anIntegration(
  db: Db,
  input: Partial<IntegrationInput> = {},
): Promise<{ id: string; key: string; keyId: string }> {
  const name = `Source ${randomBytes(3).toString('hex')}`
  const { id, key } = await transact(db, SYSTEM, (tx) =>
    createIntegration(tx, { system: 'events', name, ...input }),
  )
  return { id, key: key.key, keyId: key.id }
}

/** Decides everything that waits, as an engine would, and answers how many receipts that were. */
export async function drain(db: Db): Promise<number> {
  let decided = 0
  for (
    let waiting = await waitingIntegrations(db);
    waiting.length > 0;
    waiting = await waitingIntegrations(db)
  )
    for (const id of waiting) decided += (await workIntegration(db, id)).receipts
  return decided
}

/** A worker as the engine runs it; `stop` lets it finish its batch. */
export function testWorker(databaseUrl: string): { stop: () => Promise<void> } {
  const stopping = new AbortController()
  const db = connect(databaseUrl, { name: 'tocsin-test worker', max: 2 })
  const log = createLog('engine', 'silent')
  const working = runWorker({ db, databaseUrl, log, registry: new Registry(), signal: stopping.signal })
  return {
    stop: async () => {
      stopping.abort()
      await working
      await db.destroy()
    },
  }
}
