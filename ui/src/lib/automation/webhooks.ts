import type { Ref } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'

export interface WebhookTerms {
  name: string
  url: string
  verbs: string[]
  kinds: string[]
  team_ids: string[]
  condition: string
  notes: boolean
  confidential: boolean
}

export interface Webhook extends WebhookTerms {
  id: string
  state: 'on' | 'off' | 'stopped'
  stopped_at: string | null
  /** The receiver asks that nothing is sent there before. */
  wait_until: string | null
  old_secret_until: string | null
  author: Ref | null
  revision: number
  created_at: string
  last_delivered_at: string | null
  waiting: number
  failed: number
}

export interface Attempt {
  at: string
  ok: boolean
  status: number | null
  reason: string | null
  duration_ms: number
  answer: string
}

export type DeliveryState = 'waiting' | 'leased' | 'delivered' | 'failed'

export interface Delivery {
  id: string
  type: string
  ticket: string | null
  state: DeliveryState
  reason: string | null
  created_at: string
  due_at: string
  ended_at: string | null
  attempts: number
  last: Attempt | null
}

export interface DeliveryDetail extends Delivery {
  body: string
  tried: Attempt[]
}

const states: Record<Webhook['state'], () => string> = {
  on: m.webhooks_on,
  off: m.webhooks_off,
  stopped: m.webhooks_stopped,
}
const deliveries: Record<DeliveryState, () => string> = {
  waiting: m.webhooks_state_waiting,
  leased: m.webhooks_state_leased,
  delivered: m.webhooks_state_delivered,
  failed: m.webhooks_state_failed,
}
const reasons: Record<string, () => string> = {
  blocked: m.webhooks_reason_blocked,
  timeout: m.webhooks_reason_timeout,
  unreachable: m.webhooks_reason_unreachable,
  stopped: m.webhooks_reason_stopped,
  address: m.webhooks_reason_address,
}

export const webhookStateWord = (state: Webhook['state']): string => states[state]()
export const deliveryWord = (state: DeliveryState): string => deliveries[state]()
export const deliveryOptions = () =>
  (Object.keys(deliveries) as DeliveryState[]).map((value) => ({ value, label: deliveries[value]() }))

/** Why a message did not arrive, in words. */
export const reasonWord = (reason: string): string =>
  reason.startsWith('status-')
    ? m.webhooks_reason_status({ status: reason.slice(7) })
    : (reasons[reason]?.() ?? reason)
