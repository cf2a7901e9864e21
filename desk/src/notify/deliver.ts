import type { Db } from '@tocsin/db'
import type { Logger } from '@tocsin/db/process'
import { unseal } from '../auth/index.ts'
import { callWebhook } from './call-webhook.ts'
import { type Bundle, claimDeliveries, LEASE_SECONDS } from './claim-deliveries.ts'
import { pageBody, pageMail } from './page-message.ts'
import type { ContactKind, SendMail, Sent } from './send.ts'
import { settleBundle } from './settle.ts'

export interface DeliveryDeps {
  db: Db
  log: Logger
  /** Under which acknowledgement links are signed and webhook secrets sealed. */
  secret: string
  publicUrl: string
  sendMail: SendMail
  mayCall: (address: string) => boolean
  /** Told of every outcome; feeds the metrics. */
  onOutcome?: (kind: ContactKind, outcome: 'sent' | 'retry' | 'failed', reason: string) => void
}

const MOST_AT_ONCE: Record<ContactKind, number> = { email: 40, webhook: 80, app: 500 }
const KINDS = Object.keys(MOST_AT_ONCE) as ContactKind[]

/**
 * Sends what is due. `sweep` leases and starts sending, without waiting for the answers, so that a server
 * that hangs delays neither the next sweep nor any other kind of contact method; `settled` waits for them.
 */
export function deliveries(deps: DeliveryDeps): {
  sweep: () => Promise<number>
  settled: () => Promise<void>
} {
  const underWay = new Map<Promise<void>, ContactKind>()
  const room = (kind: ContactKind) =>
    [...underWay.values()].filter((other) => other === kind).length < MOST_AT_ONCE[kind]

  const sweep = async () => {
    const begun = performance.now()
    const bundles = await claimDeliveries(deps.db, KINDS.filter(room), deps)
    if (leaseIsStale(performance.now() - begun)) {
      deps.log.warn({ bundles: bundles.length }, 'leases came too late to be used; they run out')
      return 0
    }
    for (const bundle of bundles) {
      const sending = deliver(deps, bundle).finally(() => underWay.delete(sending))
      underWay.set(sending, bundle.kind)
    }
    return bundles.length
  }
  const settled = async () => {
    while (underWay.size > 0) await Promise.all(underWay.keys())
  }
  return { sweep, settled }
}

// An attempt takes 10 s at most, and must be over before another engine may begin the next.
const FRESH_MS = LEASE_SECONDS * 1_000 - 10_000

/** Postgres' answer may have been held up on its way, for how long only our own stopwatch can tell. */
export const leaseIsStale = (tookMs: number): boolean => tookMs > FRESH_MS

async function deliver(deps: DeliveryDeps, bundle: Bundle): Promise<void> {
  const { db, log, onOutcome } = deps
  const about = { bundle: bundle.id, kind: bundle.kind, attempt: bundle.attempt, pages: bundle.pages.length }
  try {
    const sent = await send(deps, bundle).catch((error: unknown): Sent => {
      log.error({ ...about, err: error }, 'delivery could not be made')
      return { ok: false, retry: true, reason: 'internal' }
    })
    const held = await settleBundle(db, bundle, sent)
    const outcome = sent.ok ? 'sent' : sent.retry ? 'retry' : 'failed'
    const reason = sent.ok ? '' : sent.reason
    onOutcome?.(bundle.kind, outcome, reason)
    log.info({ ...about, outcome, reason, held }, 'delivery')
  } catch (error) {
    // The lease runs out and the same message leaves again, under the same key.
    log.error({ ...about, err: error }, 'delivery has no outcome')
  }
}

async function send(deps: DeliveryDeps, bundle: Bundle): Promise<Sent> {
  if (bundle.archived) return { ok: false, retry: false, reason: 'removed' }
  const { recipient, pages, kind } = bundle
  if (kind === 'app') return { ok: true }
  if (kind === 'webhook') {
    const secret = bundle.secret ? unseal(deps.secret, bundle.secret) : ''
    const body = pageBody(pages, recipient, bundle.id, deps.publicUrl)
    return callWebhook({ url: bundle.address, secret, key: bundle.id, body, at: bundle.at }, deps.mayCall)
  }
  const host = mailHost(deps.publicUrl)
  const tickets = new Set(pages.map((page) => page.ticketId))
  return deps.sendMail({
    ...pageMail(pages, recipient, deps.publicUrl),
    messageId: `<page-${bundle.id}@${host}>`,
    to: bundle.address,
    personId: recipient.id,
    ticketId: tickets.size === 1 ? [...tickets][0]! : null,
    ...(tickets.size === 1 && { thread: threadOf([...tickets][0]!, host) }),
  })
}

/** The right side of our Message-IDs. */
export const mailHost = (publicUrl: string): string =>
  new URL(publicUrl).hostname.replaceAll(/[[\]:]/g, '') || 'localhost'

/** What every mail about one ticket refers to, so that mail programs keep them together. */
export const threadOf = (ticketId: string, host: string): string => `<ticket-${ticketId}@${host}>`
