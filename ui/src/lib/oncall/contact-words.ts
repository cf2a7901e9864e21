import { m } from '#lib/paraglide/messages.js'
import type { ContactMethod } from './types.ts'

export const contactWord = (kind: ContactMethod['kind']): string => kinds[kind]()
const kinds: Record<ContactMethod['kind'], () => string> = {
  email: m.me_contact_email,
  webhook: m.me_contact_webhook,
  app: m.me_contact_app,
}

export const contactKinds = Object.keys(kinds) as ContactMethod['kind'][]

/** What the other side made of it, in words. */
export const failureWord = (reason: string): string => reasons[reason]?.() ?? reason
const reasons: Record<string, () => string> = {
  timeout: m.delivery_timeout,
  unreachable: m.delivery_unreachable,
  refused: m.delivery_refused,
  bounced: m.delivery_bounced,
  deferred: m.delivery_deferred,
  blocked: m.delivery_blocked,
  address: m.delivery_address,
  'sign-in': m.delivery_sign_in,
  removed: m.delivery_removed,
  internal: m.delivery_internal,
}
