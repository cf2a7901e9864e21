import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { createTransport } from 'nodemailer'
import { headerText, isMailAddress } from './mail-address.ts'
import { cut, type Mail, type SendMail, type Sent } from './send.ts'

// Below the lease, so that an attempt is over before another engine may begin the next.
const DEADLINE_MS = 10_000

/**
 * Sends through an SMTP server, a connection a mail: a server that hangs holds up nobody else's. Taken is
 * only what its final answer takes.
 */
export function smtpSender(url: string, from: () => Promise<string>): SendMail {
  return async (mail) => {
    if (!isMailAddress(mail.to)) return { ok: false, retry: false, reason: 'address' }
    const transport = createTransport({
      url,
      connectionTimeout: 5_000,
      greetingTimeout: 5_000,
      socketTimeout: 8_000,
    })
    const late = new AbortController()
    try {
      const sending = transport.sendMail(headersOf(mail, await from()))
      const overdue = pause(DEADLINE_MS, undefined, { signal: late.signal }).then(() => 'late' as const)
      const info = await Promise.race([sending, overdue])
      if (info === 'late') return { ok: false, retry: true, reason: 'timeout' }
      if (info.rejected.length > 0)
        return { ok: false, retry: false, reason: 'bounced', detail: cut(info.response) }
      return { ok: true, detail: cut(info.response) }
    } catch (error) {
      return failure(error)
    } finally {
      late.abort()
      transport.close()
    }
  }
}

/** Stands in for SMTP: keeps the mail where the pages show it. A second sending changes nothing. */
export function localSender(db: Db): SendMail {
  return async (mail) => {
    if (!isMailAddress(mail.to)) return { ok: false, retry: false, reason: 'address' }
    await sql`
      insert into local_mail (at, message_id, recipient, person_id, ticket_id, subject, body_text, body_html)
      values (tocsin_now(), ${mail.messageId}, ${mail.to}, ${mail.personId}, ${mail.ticketId}, ${headerText(mail.subject)},
              ${mail.text}, ${mail.html})
      on conflict (message_id) do nothing`.execute(db)
    return { ok: true }
  }
}

function headersOf(mail: Mail, from: string) {
  return {
    from: { name: 'Tocsin', address: from },
    to: { name: '', address: mail.to },
    subject: headerText(mail.subject),
    messageId: headerText(mail.messageId),
    text: mail.text,
    html: mail.html,
    ...(mail.thread && { inReplyTo: headerText(mail.thread), references: headerText(mail.thread) }),
    headers: { 'X-Tocsin': 'desk', 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    // Nothing in a mail may make us read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

// Enhanced codes (RFC 3463) of an address that is not there, moved away or is switched off.
const NO_SUCH_ADDRESS = /\b5\.(?:1\.[1236]|2\.1)\b/

interface SmtpError {
  code?: string
  command?: string
  responseCode?: number
  message?: string
}

function failure(error: unknown): Sent {
  const { code = '', command = '', responseCode = 0, message = 'failed' } = error as SmtpError
  const detail = cut(message)
  if (code === 'EAUTH') return { ok: false, retry: true, reason: 'sign-in', detail }
  if (responseCode >= 500) {
    const bounced = command === 'RCPT TO' || NO_SUCH_ADDRESS.test(message)
    return { ok: false, retry: false, reason: bounced ? 'bounced' : 'refused', detail }
  }
  if (responseCode >= 400) return { ok: false, retry: true, reason: 'deferred', detail }
  return { ok: false, retry: true, reason: code === 'ETIMEDOUT' ? 'timeout' : 'unreachable', detail }
}
