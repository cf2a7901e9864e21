import { simpleParser } from 'mailparser'
import { clean } from '../parse.ts'

const PARTS = 100
const HTML_LENGTH = 200_000
const TEXT_LENGTH = 65_536

/** The message is kept and not read: why. */
export class UnreadableMail extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnreadableMail'
  }
}

/**
 * The parts of a message that rules may look at, as text: no file is opened, no picture fetched, markup is
 * dropped. `loop` says why it must never page: a bounce, an automatic answer, a mail of our own. Throws
 * `UnreadableMail`.
 */
export async function readMessage(
  bytes: Buffer,
  { nullSender }: { nullSender: boolean },
): Promise<Record<string, unknown>> {
  if (bytes.toString('latin1').split(/\r?\n--/).length > PARTS * 2)
    throw new UnreadableMail(`The message has more than ${PARTS} parts.`)
  const mail = await simpleParser(bytes, {
    skipImageLinks: true,
    skipTextToHtml: true,
    maxHtmlLengthToParse: HTML_LENGTH,
  }).catch((error: unknown) => {
    throw new UnreadableMail(`The message cannot be read: ${(error as Error).message.slice(0, 200)}`)
  })
  const header = (name: string) => headerText(mail.headers.get(name))
  const why = loopOf(nullSender, header)
  const { value } = clean({
    from: mail.from?.value[0]?.address ?? '',
    subject: mail.subject ?? '',
    text: (mail.text ?? '').slice(0, TEXT_LENGTH),
    message_id: mail.messageId ?? null,
    ...(why && { loop: { why } }),
  })
  return value as Record<string, unknown>
}

function loopOf(nullSender: boolean, header: (name: string) => string): string | null {
  if (header('x-tocsin') !== '') return 'our own mail'
  if (nullSender || /^multipart\/report/i.test(header('content-type'))) return 'a bounce'
  // Monitoring systems say auto-generated; answers of absent people say auto-replied.
  if (/^auto-replied/i.test(header('auto-submitted'))) return 'an automatic answer'
  return null
}

function headerText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'string')
    return value.value
  return ''
}
