import type { Db } from '@tocsin/db'
import type { Logger } from '@tocsin/db/process'
import { unseal } from '../auth/index.ts'
import { postBytes, type Reached } from '../notify/index.ts'
import { LEASE_SECONDS, type LeasedMessage, leaseMessages } from './lease.ts'
import { settleMessage } from './settle.ts'
import { signatureHeaders } from './sign.ts'

export interface WebhookDeps {
  db: Db
  log: Logger
  /** Under which the secrets lie sealed. */
  secret: string
  mayCall: (address: string) => boolean
}

const TIMEOUT_MS = 10_000
// A lease that Postgres' answer was long on its way with is left to run out: another engine may begin meanwhile.
const FRESH_MS = LEASE_SECONDS * 1_000 - TIMEOUT_MS - 5_000

/**
 * Sends what is due. `sweep` leases and starts sending without waiting for the answers, so that a receiver that
 * hangs delays no other; `settled` waits for them.
 */
export function webhookMessages(deps: WebhookDeps): {
  sweep: () => Promise<number>
  settled: () => Promise<void>
} {
  const underWay = new Set<Promise<void>>()
  const sweep = async () => {
    const begun = performance.now()
    const leased = await leaseMessages(deps.db)
    if (performance.now() - begun > FRESH_MS) return 0
    for (const message of leased) {
      const sending = deliver(deps, message).finally(() => underWay.delete(sending))
      underWay.add(sending)
    }
    return leased.length
  }
  const settled = async () => {
    while (underWay.size > 0) await Promise.all(underWay)
  }
  return { sweep, settled }
}

async function deliver(deps: WebhookDeps, message: LeasedMessage): Promise<void> {
  const { id, webhook_id: webhook, attempts } = message
  const begun = performance.now()
  try {
    const reached = await send(deps, message)
    const fate = await settleMessage(deps.db, message, reached, Math.round(performance.now() - begun))
    deps.log.info({ webhook, delivery: id, attempt: attempts, status: reached.status, fate }, 'webhook')
  } catch (error) {
    // The lease runs out and the same bytes leave again, under the same id.
    deps.log.error({ webhook, delivery: id, err: error }, 'webhook has no outcome')
  }
}

function send(deps: WebhookDeps, { id, url, body, at, secret, old_secret }: LeasedMessage): Promise<Reached> {
  const secrets = [secret, ...(old_secret ? [old_secret] : [])].map((sealed) => unseal(deps.secret, sealed))
  const bytes = Buffer.from(body)
  const headers = signatureHeaders(secrets, { id, at, body: bytes })
  return postBytes({ url, headers, body: bytes, timeoutMs: TIMEOUT_MS }, deps.mayCall)
}
