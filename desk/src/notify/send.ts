export type ContactKind = 'email' | 'webhook' | 'app'

/** What a remote party made of it. `reason` is a short code that labels metrics; `detail` is theirs, cut. */
export type Sent =
  | { ok: true; detail?: string }
  | { ok: false; retry: boolean; reason: FailureReason; detail?: string }

export type FailureReason =
  | 'timeout'
  | 'unreachable'
  | 'refused' // a final no
  | 'bounced' // a final no to the address itself
  | 'deferred' // not now
  | 'blocked' // an address that we do not call
  | 'address' // not an address at all
  | 'sign-in'
  | 'removed'
  | 'internal' // ours, such as a secret sealed under another TOCSIN_SECRET

export interface Mail {
  /** Stable for what it tells: a second sending of the same mail keeps it. */
  messageId: string
  to: string
  subject: string
  text: string
  html: string
  /** The thread: every mail about one ticket refers to it. */
  thread?: string
  personId: string
  ticketId: string | null
}

export type SendMail = (mail: Mail) => Promise<Sent>

const DETAIL = 500
/** One line of somebody else's text, cut. */
export const cut = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, DETAIL)
