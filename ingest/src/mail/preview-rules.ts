import { type ReceivedMail, type MailMeaning, type MailRule, readMail } from '@tocsin/desk'
import { isFields, WrongBody } from '../adapters/adapter.ts'
import { mailOf } from '../adapters/email.ts'
import { decodeBody } from '../decode.ts'
import { Malformed } from '../parse.ts'
import { readMessage, UnreadableMail } from './read-message.ts'

export interface MailPreview {
  mail: (ReceivedMail & { loops: string | null }) | null
  /** Why there is none. */
  refused: string | null
  meaning: MailMeaning | null
}

/** What these rules make of mails as they came, in their order, touching nothing. */
export async function previewMailRules(
  rules: MailRule[],
  mails: { bytes: Buffer; contentType: string | undefined }[],
): Promise<MailPreview[]> {
  const previews: MailPreview[] = []
  for (const { bytes, contentType } of mails) {
    try {
      const payload = contentType?.startsWith('message/rfc822')
        ? await readMessage(bytes, { nullSender: false })
        : (await decodeBody(bytes, contentType)).payload
      const mail = mailOf(isFields(payload) ? payload : {})
      previews.push({ mail, refused: null, meaning: readMail(rules, mail) })
    } catch (error) {
      if (!(error instanceof UnreadableMail || error instanceof WrongBody || error instanceof Malformed))
        throw error
      previews.push({ mail: null, refused: error.message, meaning: null })
    }
  }
  return previews
}
